-- An event is taken durably and once; with a token and a free lease, the lease as well.
-- ARGV from 6: event id, payload, token ('' for none), bound of the inbox, whether it may opt out.
local id, payload, token, bound = ARGV[6], ARGV[7], ARGV[8], tonumber(ARGV[9])

if seen(id) then
  if token ~= '' and redis.call('HGET', H, 'lt') == token then
    return granted() -- the first answer was lost
  end
  remember(id) -- a write, so that a WAIT after it covers the first call
  return { 'DUPLICATE' }
end
if redis.call('LLEN', IN) >= bound then
  return { 'FULL' }
end
redis.call('RPUSH', IN, packed(id, payload))
remember(id)
if ARGV[10] == '1' then
  redis.call('HSET', CONSENT, 'p', id, 'pt', int(now))
end
local held = lease_end()
if token ~= '' and not held then
  return take_lease(token, 'a', '')
end
look_by(INBOX, held or now)
return { 'QUEUED' }
