-- An outbox entry becomes ours. Consent is looked at in the same step; what was being sent when its
-- holder was lost is never sent blindly.
-- ARGV from 6: entry, token.
local token = ARGV[7]
local OPTING_OUT = 250 -- ms between two looks whether an opt-out was worked off
local entry = load_entry(ARGV[6])
local payload = redis.call('HGET', OUT, ARGV[6]) or ''

local function wait_until(at)
  look(due_name(ARGV[6]), at)
  return { 'WAIT' }
end

local function answer(word)
  return { word, payload, int(entry.attempt), int(entry.since), int(entry.searches), entry.reason }
end

if not entry or settled(entry) then
  redis.call('ZREM', DUE, due_name(ARGV[6]))
  if entry and entry.reason == 'opted_out' and entry.by == token then
    return { 'OPTED_OUT', payload } -- the first answer was lost
  end
  return { 'GONE' }
end
if entry.state == 'S' then
  if entry.since + VISIBLE > now then
    return entry.owner == token and answer('CLAIMED') or wait_until(entry.since + VISIBLE)
  end
  entry.state, entry.owner, entry.at, entry.searches, entry.reason = 'U', '', now, 0, 'lost'
end
if entry.state == 'U' then
  if entry.at > now then
    return entry.owner == token and answer('UNCERTAIN') or wait_until(entry.at)
  end
  entry.owner, entry.at = token, now + VISIBLE
  save_entry(entry)
  look(due_name(entry.name), entry.at)
  return answer('UNCERTAIN')
end
if forbidden(entry) then
  entry.state, entry.by, entry.reason = 'F', token, 'opted_out'
  close_entry(entry)
  return { 'OPTED_OUT', payload }
end
if entry.guarded == '1' and opting_out() then
  return wait_until(now + OPTING_OUT)
end
local wait = entry.at > now and entry.at or blocked(entry.lane, entry.n)
if wait then
  return wait_until(wait)
end
entry.state, entry.attempt, entry.since, entry.owner = 'S', entry.attempt + 1, now, token
save_entry(entry)
look(due_name(entry.name), now + VISIBLE)
return answer('CLAIMED')
