-- The only script that changes a session: fenced by token and version, all or nothing.
-- ARGV from 6: token, version, document, consumed, keep, unfinished, reason of death, bound of dead
-- letters, leg, answered event, ordinal, answer, consent, its source, record, retention in ms, since
-- when the consent holds ('' now), whose it is, then the counts and the values of: seen ids; timers (name, ms); outbox (lane, payload, guarded, not before).
-- KEYS[9]: whose the consents are; KEYS[10]: where the record of an ended session goes.
local token, version, document, consumed = ARGV[6], tonumber(ARGV[7]), ARGV[8], tonumber(ARGV[9])
local keep, unfinished = ARGV[10] == '1', ARGV[11] == '1'
local LEGS = 4 -- legs whose last answer is kept: the present call and those just before
local at = 24

local function next_arg()
  at = at + 1
  return ARGV[at - 1]
end

local function consume()
  if consumed == 0 then
    return
  end
  if ARGV[12] ~= '' then
    for _, entry in ipairs(redis.call('LRANGE', IN, 0, consumed - 1)) do
      redis.call('XADD', DLQ, 'MAXLEN', '~', ARGV[13], '*', 'customer', CUSTOMER, 'reason', ARGV[12],
        'event', entry, 'at', int(now))
    end
  end
  local opt_out = opting_out()
  for _, entry in ipairs(opt_out and redis.call('LRANGE', IN, 0, consumed - 1) or {}) do
    if id_of(entry) == opt_out then
      redis.call('HDEL', CONSENT, 'p', 'pt')
    end
  end
  redis.call('LTRIM', IN, consumed, -1)
end

-- Taken without the inbox: a repeated request may have stored the same event while this one was decided.
local function taken(id)
  remember(id)
  for _, entry in ipairs(redis.call('LRANGE', IN, 0, -1)) do
    if id_of(entry) == id then
      redis.call('LREM', IN, 1, entry)
    end
  end
end

local function keep_answer(leg, event, ordinal, answer)
  if leg == '' then
    return
  end
  local before = tonumber(redis.call('HGET', H, 'ro:' .. leg) or '-1')
  redis.call('HSET', H, 're:' .. leg, event, 'ro:' .. leg, int(math.max(before, ordinal)), 'ra:' .. leg, answer)
  local legs = { leg }
  for old in string.gmatch(redis.call('HGET', H, 'rl') or '', '[^\n]+') do
    if old ~= leg and #legs < LEGS then
      legs[#legs + 1] = old
    elseif old ~= leg then
      redis.call('HDEL', H, 're:' .. old, 'ro:' .. old, 'ra:' .. old)
    end
  end
  redis.call('HSET', H, 'rl', table.concat(legs, '\n'))
end

-- A timer's member carries its moment, so that hiding it in `due` does not change what it is.
local function set_timers(count)
  local old, kept, latest = {}, {}, now
  for member in string.gmatch(redis.call('HGET', H, 'tm') or '', '[^\n]+') do
    old[member] = true
  end
  for _ = 1, count do
    local name, ms = next_arg(), next_arg()
    local member = name .. ':' .. ms
    kept[#kept + 1] = member
    latest = math.max(latest, tonumber(ms))
    if not old[member] then
      look('t:' .. CUSTOMER .. ':' .. member, tonumber(ms))
    end
    old[member] = nil
  end
  for member in pairs(old) do
    redis.call('ZREM', DUE, 't:' .. CUSTOMER .. ':' .. member)
  end
  if #kept > 0 then
    redis.call('HSET', H, 'tm', table.concat(kept, '\n'))
  else
    redis.call('HDEL', H, 'tm')
  end
  return latest
end

local function add_entry(lane, payload, guarded, not_before)
  local n = redis.call('HINCRBY', H, 'n:' .. lane, 1)
  local entry = { name = lane .. int(n), state = 'P', attempt = 0, since = 0, at = not_before, owner = '',
    by = '', searches = 0, guarded = guarded, code = '0', carrier = '', reason = '' }
  redis.call('HSET', OUT, entry.name, payload)
  local before = guarded == '1' and opt_outs() or 0
  if before > 0 then
    redis.call('HSET', OUT, entry.name .. ':g', int(before))
  end
  local wait = blocked(lane, n)
  local ours = not wait and not_before <= now and not (guarded == '1' and (opted_out() or opting_out()))
  if ours then
    entry.state, entry.attempt, entry.since, entry.owner = 'S', 1, now, token
    look(due_name(entry.name), now + VISIBLE)
  else
    look(due_name(entry.name), math.max(wait or now, not_before))
  end
  save_entry(entry)
  return entry.name, ours
end

local function add_entries(count)
  local names, claimed = {}, {}
  for _ = 1, count do
    local lane, payload, guarded, not_before = next_arg(), next_arg(), next_arg(), tonumber(next_arg())
    local name, ours = add_entry(lane, payload, guarded, not_before)
    names[#names + 1] = name
    if ours then
      claimed[#claimed + 1] = name
    end
  end
  return table.concat(names, ',') .. ';' .. table.concat(claimed, ',') .. ';' .. int(now)
end

local function hand_over()
  local left = redis.call('LLEN', IN)
  if unfinished then
    redis.call('HSET', H, 'uf', '1')
  else
    redis.call('HDEL', H, 'uf')
  end
  redis.call('HDEL', H, 'ae', 'an')
  if keep then
    local head = begin_head()
    redis.call('HSET', H, 'lx', int(now + LEASE), 'lk', 'a', 'le', head or '')
    look(INBOX, now + LEASE)
    return
  end
  redis.call('HDEL', H, 'lt', 'lx', 'lk', 'le')
  if left > 0 then
    look(INBOX, now)
  elseif unfinished then
    look(INBOX, now + LEASE)
  else
    redis.call('ZREM', DUE, INBOX)
  end
end

local held = redis.call('HMGET', H, 'lt', 'v', 'lc', 'lr')
local mark = token .. ':' .. int(version)
if held[3] == mark then
  return append_inbox({ 'OK', held[2], held[4] }) -- the first answer was lost
end
if held[1] ~= token or tonumber(held[2] or '0') ~= version then
  return { 'FENCED' }
end
consume()
keep_answer(ARGV[14], ARGV[15], tonumber(ARGV[16]), ARGV[17])
if ARGV[18] ~= '' and redis.call('HGET', CONSENT, 's') ~= ARGV[18] then
  redis.call('HSET', CONSENT, 's', ARGV[18], 'at', ARGV[22] ~= '' and ARGV[22] or int(now), 'by', ARGV[19])
  if ARGV[23] ~= '' then
    redis.call('HSET', KEYS[9], string.match(CUSTOMER, '^[^~]*'), ARGV[23])
  end
  if ARGV[18] == 'opted_out' then
    redis.call('HINCRBY', CONSENT, 'n', 1)
    drop_guarded()
  end
end
if KEYS[10] then
  redis.call('SET', KEYS[10], ARGV[20], 'PX', ARGV[21])
end
for _ = 1, tonumber(next_arg()) do
  taken(next_arg())
end
local latest = set_timers(tonumber(next_arg()))
local reply = add_entries(tonumber(next_arg()))
redis.call('HSET', H, 'v', int(version + 1), 'd', document, 'lc', mark, 'lr', reply)
hand_over()
redis.call('PEXPIRE', H, int(LIFE + latest - now))
return append_inbox({ 'OK', int(version + 1), reply })
