-- A status callback: proof that the carrier took the entry, whenever it comes.
-- ARGV from 6: entry, carrier id, status, its rank, code, event id, event payload, id and payload of the
-- dead letter, its reason, bound of dead letters, payload to send once more, from when in ms, id and payload of
-- the event that tells of what had been given up, id of the one that told of the failure.
local entry = load_entry(ARGV[6])
-- An entry that nobody ever tried to send cannot have been taken: an old name, used again.
if not entry or entry.attempt == 0 then
  return 0
end
if entry.state == 'D' and entry.carrier ~= '' and entry.carrier ~= ARGV[7] then
  return 0
end
-- A message that failed, and is being sent once more, has nothing to say any more.
if entry.state ~= 'D' and redis.call('ZSCORE', MADE, ARGV[7]) then
  return 0
end
-- Given up without knowing, it was taken after all. What an operator has sent again, or dropped, stays so.
local tried_again, found = false, entry.state == 'F' and ARGV[19] ~= ''
if entry.state == 'F' then
  tried_again = not withdraw(entry)
  entry.code, entry.reason = '', ''
  redis.call('ZREM', SEEN, ARGV[21])
  put(ARGV[19], ARGV[20])
end
if entry.state ~= 'D' then
  entry.state, entry.carrier = 'D', ARGV[7] -- the owner stays, so that its own settlement still counts
  close_entry(entry)
end
local rank = tonumber(ARGV[9])
local before = tonumber(string.match(redis.call('HGET', OUT, entry.name .. ':d') or '', '^%d+') or '0')
if rank <= before then
  return 0
end
if ARGV[17] ~= '' and not tried_again then
  entry.state, entry.owner, entry.carrier, entry.reason = 'P', '', '', ''
  entry.at, entry.searches = tonumber(ARGV[18]), 0
  redis.call('HSET', OUT, entry.name, ARGV[17])
  redis.call('HDEL', OUT, entry.name .. ':d')
  save_entry(entry)
  look(due_name(entry.name), entry.at)
  return 1
end
redis.call('HSET', OUT, entry.name .. ':d', int(rank) .. ' ' .. ARGV[8] .. ' ' .. ARGV[10])
if not found then
  put(ARGV[11], ARGV[12])
end
if not tried_again then
  bury(entry, ARGV[13], ARGV[14], ARGV[15], ARGV[16])
end
return 1
