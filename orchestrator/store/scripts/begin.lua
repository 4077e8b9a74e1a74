-- The lease for a voice request, or to work off the inbox.
-- ARGV from 6: token, event id ('' to work off), leg, ordinal (-1: no order applies).
local token, id, leg, ordinal = ARGV[6], ARGV[7], ARGV[8], tonumber(ARGV[9])

if id ~= '' then
  local last = redis.call('HMGET', H, 're:' .. leg, 'ro:' .. leg, 'ra:' .. leg)
  if last[1] == id then
    return { 'ANSWERED', last[3] }
  end
  if last[1] and ordinal >= 0 and ordinal <= tonumber(last[2]) then
    return { 'STALE', last[3] }
  end
end
local held = redis.call('HMGET', H, 'lt', 'lx', 'lk', 'le')
if held[1] and tonumber(held[2]) > now then
  if held[1] == token then
    return granted()
  end
  if id == '' then
    look(INBOX, tonumber(held[2]))
  end
  return { 'BUSY', held[3], held[4] }
end
if id == '' and redis.call('LLEN', IN) == 0 and redis.call('HEXISTS', H, 'uf') == 0 then
  redis.call('ZREM', DUE, INBOX)
  return { 'EMPTY' }
end
if ordinal >= 0 and redis.call('HGET', H, 've') ~= id then
  redis.call('HSET', H, 've', id, 'vt', int(now)) -- asked again after a crash, it is as old as it was
end
return take_lease(token, id ~= '' and 'v' or 'a', id)
