-- Lists, indexes and the timeline, behind the commit.
-- KEYS: summaries, live index, log, refusals, lines of the session, what sessions are found by, then the
-- index of each state.
-- ARGV: clock, session id, customer, summary, state, score in ms, retention in ms, grace of open
-- sessions in ms, bounds of lines / log / refusals, position of the state's index in KEYS (0: none),
-- what the summary is found by ('': no summary), the bound of words, the number of lines, the lines, the words of
-- each, the refusals.
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local SUM, LIVE, LOG, REFUSED, LINES, FIND = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local STATES = 7 -- the first state's index in KEYS
local id, state, score = ARGV[2], ARGV[5], tonumber(ARGV[6])
local retention, grace = tonumber(ARGV[7]), tonumber(ARGV[8])
local head, fresh = nil, {} -- what the session is found by from here on: its summary, and words beside those known

local function int(number)
  return string.format('%.0f', number)
end

local function listed_at()
  for i = STATES, #KEYS do
    local at = redis.call('ZSCORE', KEYS[i], id)
    if at then
      return tonumber(at)
    end
  end
  return -1
end

local function forget(index, before)
  for _, old in ipairs(redis.call('ZRANGEBYSCORE', index, '-inf', int(before), 'LIMIT', 0, 16)) do
    redis.call('HDEL', SUM, old)
    redis.call('HDEL', FIND, old)
    redis.call('ZREM', LIVE, old)
    for i = STATES, #KEYS do
      redis.call('ZREM', KEYS[i], old)
    end
  end
end

local function list_session()
  local place = tonumber(ARGV[12])
  if ARGV[4] == '' or place == 0 or listed_at() > score then
    return -- nothing to list, or a later commit was faster
  end
  redis.call('HSET', SUM, id, ARGV[3] .. '\n' .. ARGV[4])
  head = ARGV[13]
  for i = STATES, #KEYS do
    if i ~= place then
      redis.call('ZREM', KEYS[i], id)
    end
  end
  redis.call('ZADD', KEYS[place], int(score), id)
  if state == 'ended' then
    redis.call('ZREM', LIVE, id)
  else
    redis.call('ZADD', LIVE, int(score), id)
  end
end

local function next_id()
  local last = redis.call('XREVRANGE', LOG, '+', '-', 'COUNT', 1)[1]
  local ms, seq = string.match(last and last[1] or '0-0', '^(%d+)-(%d+)$')
  if tonumber(ms) >= now then
    return ms .. '-' .. int(tonumber(seq) + 1)
  end
  return int(now) .. '-0'
end

-- What was erased at the end of the log still counts for the server's order of ids: its own next one, then.
local function log_line(line)
  local added = redis.pcall('XADD', LOG, 'MAXLEN', '~', ARGV[10], next_id(), 'session', id, 'line', line)
  if type(added) == 'table' and added.err then
    redis.call('XADD', LOG, 'MAXLEN', '~', ARGV[10], '*', 'session', id, 'line', line)
  end
end

local function add_lines(first, last)
  local count = last - first + 1
  local place = tonumber(redis.call('ZRANGE', LINES, -1, -1, 'WITHSCORES')[2] or '0')
  for i = first, last do
    place = place + 1
    -- A line has an id of its own, so that the same line is the same call repeated.
    if redis.call('ZADD', LINES, 'NX', int(place), ARGV[i]) == 1 then
      log_line(ARGV[i])
      fresh[#fresh + 1] = ARGV[i + count]
    end
  end
  redis.call('ZREMRANGEBYRANK', LINES, 0, -(tonumber(ARGV[9]) + 1))
  redis.call('XTRIM', LOG, 'MINID', int(math.max(0, now - retention)))
  redis.call('PEXPIRE', LOG, int(retention))
end

-- The oldest words go first, line by line; of a line that is longer than the bound its end stays.
local function be_found()
  local stored = redis.call('HGET', FIND, id)
  if not head and not stored then
    return -- it is not listed, or not any more
  end
  local known, words = string.match(stored or '', '^([^\n]*)\n?(.*)$')
  for _, said in ipairs(fresh) do
    if said ~= '' then
      words = words .. '\n' .. said
    end
  end
  local bound = tonumber(ARGV[14])
  if #words > bound then
    words = string.sub(words, -bound)
    words = string.match(words, '\n.*') or words
  end
  redis.call('HSET', FIND, id, (head or known) .. '\n' .. words)
end

list_session()
local lines = tonumber(ARGV[15])
if lines > 0 then
  add_lines(16, 15 + lines)
end
if head or #fresh > 0 then
  be_found()
end
redis.call('PEXPIRE', LINES, int(state == 'ended' and retention or retention + grace))
for i = 16 + 2 * lines, #ARGV do
  redis.call('ZADD', REFUSED, 'NX', int(score > 0 and score or now), ARGV[i])
end
redis.call('ZREMRANGEBYRANK', REFUSED, 0, -(tonumber(ARGV[11]) + 1))
forget(KEYS[#KEYS], now - retention)
forget(LIVE, now - retention - grace)
