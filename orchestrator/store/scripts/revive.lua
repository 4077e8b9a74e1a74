-- A dead letter goes back to the end of its customer's inbox, once; what it was given up for may be
-- mended by now. ARGV from 6: the letter's id, `retry` or `drop`.
local letter = redis.call('XRANGE', DLQ, ARGV[6], ARGV[6])[1]
if not letter then
  return 0
end
local fields = letter[2]
for i = 1, #fields, 2 do
  if fields[i] == 'event' and ARGV[7] == 'retry' then
    redis.call('RPUSH', IN, fields[i + 1])
    look_by(INBOX, lease_end() or now)
  end
end
redis.call('XDEL', DLQ, ARGV[6])
return 1
