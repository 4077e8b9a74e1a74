-- The newest sessions of one index that are found: read only, and bounded in what it looks at.
-- KEYS: index, what sessions are found by.
-- ARGV: what is looked for in all words ('': anything), what is looked for in the number or the id ('': any),
-- assistant ('': every), '!' for those where something is wrong, the most to find, the most to look at,
-- score and id to go on after ('': from the newest).
-- Gives: 1 where nothing is left, score and id of the last one looked at, how many were; then of each found one its
-- id, its score, and 1, or 0 where nothing is known that it could be found by: its summary tells.
local INDEX, FIND = KEYS[1], KEYS[2]
local anything, name, assistant, trouble = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local most, bound = tonumber(ARGV[5]), tonumber(ARGV[6])
local CHUNK = 100

local function names(text, id)
  local number = string.match(text, '^[^\t]*\t[^\t]*\t([^\t]*)')
  return string.find(number, name, 1, true) or string.find(string.lower(id), name, 1, true)
end

local function is_found(text, id)
  if trouble ~= '' and string.sub(text, 1, 1) ~= trouble then
    return false
  end
  if assistant ~= '' and string.sub(text, 3, 3 + #assistant) ~= assistant .. '\t' then
    return false
  end
  if name ~= '' and not names(text, id) then
    return false
  end
  return anything == '' or string.find(text, anything, 3, true) or string.find(string.lower(id), anything, 1, true)
end

local after, after_id = ARGV[7], ARGV[8]
local rank = after ~= '' and redis.call('ZCOUNT', INDEX, '(' .. after, '+inf') or 0
local done, looked, score, last, hits = 0, 0, after, after_id, {}

local function look_at(id, at, text)
  if tonumber(at) == tonumber(after) and id >= after_id then
    return -- looked at before
  end
  looked, score, last = looked + 1, at, id
  local known = text and string.sub(text, 1, 1) ~= '\n'
  if not known or is_found(text, id) then
    hits[#hits + 1], hits[#hits + 2], hits[#hits + 3] = id, at, known and 1 or 0
  end
end

while done == 0 and looked < bound and #hits < 3 * most do
  local found = redis.call('ZREVRANGE', INDEX, rank, rank + CHUNK - 1, 'WITHSCORES')
  local ids = {}
  for i = 1, #found, 2 do
    ids[#ids + 1] = found[i]
  end
  local texts = #ids > 0 and redis.call('HMGET', FIND, unpack(ids)) or {}
  for i = 1, #ids do
    if #hits >= 3 * most then
      break
    end
    look_at(ids[i], found[2 * i], texts[i])
    rank = rank + 1
  end
  if #ids < CHUNK and #hits < 3 * most then
    done = 1
  end
end

return { done, score, last, looked, unpack(hits) }
