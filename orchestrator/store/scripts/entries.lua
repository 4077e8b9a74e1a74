-- Outbox entries: `<lane><n>` payload, `<lane><n>:s` state, `<lane><n>:d` delivery, `<lane><n>:g` how often
-- the customer had opted out when a guarded one was made (none: never), `<lane><n>:l` its dead letter. States: P pending,
-- S sending, U unknown outcome, D done, F failed. `since` is the time of the last attempt, `at` the
-- moment before which nobody may act, `owner` who holds it, `by` who let go of it last.
local FIELDS = { 'state', 'attempt', 'since', 'at', 'owner', 'by', 'searches', 'guarded', 'code', 'carrier', 'reason' }

local function load_entry(name)
  local text = redis.call('HGET', OUT, name .. ':s')
  if not text then
    return nil
  end
  local entry, i = { name = name }, 0
  for part in string.gmatch(text .. '|', '([^|]*)|') do
    i = i + 1
    entry[FIELDS[i]] = part
  end
  for _, field in ipairs({ 'attempt', 'since', 'at', 'searches' }) do
    entry[field] = tonumber(entry[field])
  end
  entry.lane, entry.n = string.sub(name, 1, 1), tonumber(string.sub(name, 2))
  return entry
end

local LANES = { 't', 'q', 'c', 'l', 'd', 'w' } -- as `Lane` in ports/entries.py

-- What is to be done yet lives as long as the session, however long nobody is there to do it.
local function save_entry(entry)
  local parts = {}
  for i, field in ipairs(FIELDS) do
    local value = entry[field]
    parts[i] = type(value) == 'number' and int(value) or value
  end
  redis.call('HSET', OUT, entry.name .. ':s', table.concat(parts, '|'))
  outlive(OUT, LIFE)
  outlive(H, LIFE)
end

local function opt_outs()
  return tonumber(redis.call('HGET', CONSENT, 'n') or '0') or 0
end

-- Whether the customer's consent forbids it: an opt-out that came after it holds for it, whatever came after that.
local function forbidden(entry)
  if entry.guarded ~= '1' then
    return false
  end
  return opted_out() or tonumber(redis.call('HGET', OUT, entry.name .. ':g') or '0') < opt_outs()
end

-- What was given up is kept for operators, in the step that gives it up: the event that tries it again.
local function bury(entry, id, payload, reason, bound)
  if id ~= '' then
    local letter = redis.call('XADD', DLQ, 'MAXLEN', '~', bound, '*', 'customer', CUSTOMER, 'reason', reason,
      'event', packed(id, payload), 'at', int(now))
    redis.call('HSET', OUT, entry.name .. ':l', letter)
  end
end

-- Nobody is to try it again; whether nobody has.
local function withdraw(entry)
  local letter = redis.call('HGET', OUT, entry.name .. ':l')
  return letter and redis.call('XDEL', DLQ, letter) == 1
end

local function settled(entry)
  return entry.state == 'D' or entry.state == 'F'
end

local function due_name(name)
  return 'o:' .. CUSTOMER .. ':' .. name
end

local function head_of(lane)
  local head = num('h:' .. lane)
  return head > 0 and head or 1
end

-- What the customer's opt-out forbids is looked at now, whatever it waits for: its claim fails.
local function drop_guarded()
  for _, lane in ipairs({ 't', 'q', 'c' }) do
    for i = head_of(lane), num('n:' .. lane) do
      local entry = load_entry(lane .. int(i))
      if entry and entry.state == 'P' and entry.guarded == '1' then
        look(due_name(entry.name), now)
      end
    end
  end
end

-- nil if every entry before `n` is settled or no longer waited for, else when to look again.
local function blocked(lane, n)
  for i = head_of(lane), n - 1 do
    local before = load_entry(lane .. i)
    if before and not settled(before) then
      local lost = before.state == 'S' and before.since + VISIBLE <= now
      if before.state == 'U' or lost then
        if before.since + UNKNOWN_WAIT > now then
          return before.since + UNKNOWN_WAIT
        end
      elseif before.state == 'S' then
        return before.since + VISIBLE
      else
        return math.max(before.at, now) + 1000
      end
    end
  end
  return nil
end

local function is_any_open()
  for _, lane in ipairs(LANES) do
    if head_of(lane) <= num('n:' .. lane) then
      return true
    end
  end
  return false
end

local function wake(name)
  local entry = load_entry(name)
  if entry and entry.state == 'P' then
    look(due_name(name), math.max(entry.at, now))
  end
end

-- What the carrier made for this customer, by whichever call or thread: nobody takes it for its own.
local function bind(entry)
  if entry.carrier ~= '' then
    redis.call('ZADD', MADE, int(now), entry.carrier)
    redis.call('ZREMRANGEBYRANK', MADE, 0, -(SEEN_BOUND + 1))
    redis.call('PEXPIRE', MADE, DAY)
  end
end

-- The entry is out of the way: its lane moves on, old ones are forgotten.
local function close_entry(entry)
  save_entry(entry)
  bind(entry)
  redis.call('ZREM', DUE, due_name(entry.name))
  local lane, head, last = entry.lane, head_of(entry.lane), num('n:' .. entry.lane)
  while head <= last do
    local first = load_entry(lane .. head)
    if first and not settled(first) then
      break
    end
    local old = lane .. (head - KEPT)
    redis.call('HDEL', OUT, old, old .. ':s', old .. ':d', old .. ':g', old .. ':l')
    head = head + 1
  end
  redis.call('HSET', H, 'h:' .. lane, int(head))
  if not is_any_open() then
    redis.call('PEXPIRE', OUT, DAY) -- for late status callbacks
  end
  wake(lane .. head)
  wake(lane .. (entry.n + 1))
end
