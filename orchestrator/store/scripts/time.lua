-- The server's clock in ms. A script, because a cluster sends no command without a key.
local time = redis.call('TIME')
return string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
