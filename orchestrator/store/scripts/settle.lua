-- How an attempt ended, by who made it.
-- ARGV from 6: entry, token, outcome, carrier id, at in ms, code, reason, event id, event payload, id and
-- payload of the dead letter, bound of dead letters, payload of the next attempt if it is another one.
local token, outcome = ARGV[7], ARGV[8]
local entry = load_entry(ARGV[6])
if not entry then
  return 0
end
local mine = entry.owner == token
local again = entry.owner == '' and entry.by == token
local word = ({ done = 'D', failed = 'F', retry = 'P', unknown = 'U' })[outcome]

local function told()
  put(ARGV[13], ARGV[14])
  return 1
end

if settled(entry) then
  -- A callback may have come first; the sender's own news is still news.
  local same = mine or again or (ARGV[9] ~= '' and entry.carrier == ARGV[9])
  return entry.state == word and same and told() or 0
end
if not mine and again and entry.state == word then
  return told() -- the first answer was lost
end
-- An acceptance is proof, even from a holder who was late; unless someone is sending right now.
if not mine and not (outcome == 'done' and entry.state ~= 'S') then
  return 0
end
-- A search found what another entry of the number, sent from a call beside, has found meanwhile; or the
-- message has failed before its answer came, and is being sent once more.
if outcome == 'done' and entry.state ~= 'S' and ARGV[9] ~= '' and redis.call('ZSCORE', MADE, ARGV[9]) then
  if mine then
    entry.owner, entry.at = '', now
    save_entry(entry)
    look(due_name(entry.name), now)
  end
  return 0
end
if outcome == 'unknown' then
  -- A search that the carrier did not answer says nothing: it is not counted.
  local counts = ARGV[12] == 'not_searched' and 0 or 1
  entry.searches = entry.state == 'U' and entry.searches + counts or 0
end
entry.state, entry.owner, entry.by, entry.at = word, '', token, tonumber(ARGV[10])
entry.carrier, entry.code, entry.reason = ARGV[9], ARGV[11], ARGV[12]
if settled(entry) then
  close_entry(entry)
  bury(entry, ARGV[15], ARGV[16], ARGV[12], ARGV[17])
else
  if ARGV[18] ~= '' then
    redis.call('HSET', OUT, entry.name, ARGV[18])
  end
  save_entry(entry)
  look(due_name(entry.name), entry.at)
end
return told()
