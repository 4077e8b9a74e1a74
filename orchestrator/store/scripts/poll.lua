-- What is due in a partition, hidden for a while and not removed: who dies with it loses nothing.
-- KEYS: due, ended sessions, summaries, refusals, what sessions are found by. ARGV: clock, limit, hide in ms,
-- retention in ms.
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local function int(number)
  return string.format('%.0f', number)
end

-- A partition without traffic forgets as well.
local old = int(now - tonumber(ARGV[4]))
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', old, 'LIMIT', 0, 16)) do
  redis.call('ZREM', KEYS[2], id)
  redis.call('HDEL', KEYS[3], id)
  redis.call('HDEL', KEYS[5], id)
end
redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', old)

local found = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', int(now), 'WITHSCORES', 'LIMIT', 0, ARGV[2])
for i = 1, #found, 2 do
  redis.call('ZADD', KEYS[1], int(now + tonumber(ARGV[3])), found[i])
end
return found
