-- Hold the lease longer, or give it back without a change.
-- ARGV from 6: token, `renew` or `release`; for a release when to look again in ms from now, and `1` where the
-- head event was not tried at all.
if redis.call('HGET', H, 'lt') ~= ARGV[6] then
  return 0
end
if ARGV[7] == 'renew' then
  redis.call('HSET', H, 'lx', int(now + LEASE))
  outlive(H, LIFE)
  if redis.call('ZSCORE', DUE, INBOX) then
    look(INBOX, now + LEASE)
  end
  return 1
end
redis.call('HDEL', H, 'lt', 'lx', 'lk', 'le')
if ARGV[9] == '1' then
  redis.call('HDEL', H, 'ae', 'an')
end
if redis.call('LLEN', IN) > 0 or redis.call('HEXISTS', H, 'uf') == 1 then
  look(INBOX, now + tonumber(ARGV[8]))
else
  redis.call('ZREM', DUE, INBOX)
end
return 1
