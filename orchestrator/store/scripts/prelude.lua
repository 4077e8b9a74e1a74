-- What the scripts on one customer share. Pure Lua 5.1; no globals, or the whole server is poisoned.
-- KEYS as in keys.py, Keys.customer. ARGV 1 to 5: clock in ms ('' for the server's), customer key,
-- lease in ms, life of the customer's hash in ms, visibility time of a claim in ms.
local H, IN, SEEN, OUT, DUE, CONSENT, DLQ, MADE = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8]
local CUSTOMER, LEASE, LIFE, VISIBLE = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local DAY, SEEN_BOUND, PAGE = 86400000, 256, 100
local UNKNOWN_WAIT = 120000 -- entries behind one of unknown outcome wait this long for it
local KEPT = 64 -- settled outbox entries that stay readable, for late status callbacks
local INBOX = 'i:' .. CUSTOMER

local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

-- tostring would write a time as 1.7e+12.
local function int(number)
  return string.format('%.0f', number)
end

local function num(field)
  return tonumber(redis.call('HGET', H, field) or '0') or 0
end

local function outlive(key, ms)
  if redis.call('PTTL', key) < ms then
    redis.call('PEXPIRE', key, int(ms))
  end
end

local function look(member, at)
  redis.call('ZADD', DUE, int(at), member)
end

local function look_by(member, at)
  local score = redis.call('ZSCORE', DUE, member)
  if not score or tonumber(score) > at then
    look(member, at)
  end
end

-- Inbox: an entry is `<length of id>:<id><payload>`, so that ids may hold anything.
local function packed(id, payload)
  return string.len(id) .. ':' .. id .. payload
end

local function id_of(entry)
  local size, rest = string.match(entry, '^(%d+):(.*)$')
  return string.sub(rest, 1, tonumber(size))
end

local function remember(id)
  redis.call('ZADD', SEEN, int(now), id)
  redis.call('ZREMRANGEBYSCORE', SEEN, '-inf', int(now - DAY))
  -- What still waits is never forgotten, however long the inbox.
  redis.call('ZREMRANGEBYRANK', SEEN, 0, -(SEEN_BOUND + redis.call('LLEN', IN) + 1))
  redis.call('PEXPIRE', SEEN, DAY)
end

local function seen(id)
  return redis.call('ZSCORE', SEEN, id)
end

local function lease_end()
  local held = redis.call('HMGET', H, 'lt', 'lx')
  if held[1] and tonumber(held[2]) > now then
    return tonumber(held[2])
  end
  return nil
end

-- An event from inside the house: taken once, whatever the bound.
local function put(id, payload)
  if id ~= '' and not seen(id) then
    redis.call('RPUSH', IN, packed(id, payload))
    remember(id)
    look_by(INBOX, lease_end() or now)
  end
end

local function opted_out()
  return redis.call('HGET', CONSENT, 's') == 'opted_out'
end

-- An opt-out that was acknowledged and is not worked off yet: what it may forbid does not leave meanwhile.
local function opting_out()
  local waits = redis.call('HMGET', CONSENT, 'p', 'pt')
  return waits[1] and tonumber(waits[2]) + DAY > now and waits[1]
end

local function append_inbox(reply)
  for _, entry in ipairs(redis.call('LRANGE', IN, 0, PAGE - 1)) do
    reply[#reply + 1] = entry
  end
  return reply
end

local function granted()
  local held = redis.call('HMGET', H, 'v', 'd', 'an', 've', 'vt')
  local consent = opted_out() and 'opted_out' or 'opted_in'
  return append_inbox({
    'GRANT', held[1] or '0', held[2] or '', consent, held[3] or '1', held[4] or '', held[5] or '0',
  })
end

-- The head event is on its way to a commit: one attempt more, or the first of a new head.
local function begin_head()
  local first = redis.call('LINDEX', IN, 0)
  if not first then
    return nil
  end
  local id = id_of(first)
  local attempts = redis.call('HGET', H, 'ae') == id and num('an') + 1 or 1
  redis.call('HSET', H, 'ae', id, 'an', int(attempts))
  return id
end

local function take_lease(token, kind, event)
  local head = begin_head()
  if event == '' then
    event = head or ''
  end
  redis.call('HSET', H, 'lt', token, 'lx', int(now + LEASE), 'lk', kind, 'le', event)
  outlive(H, LIFE)
  if head or redis.call('HEXISTS', H, 'uf') == 1 then
    look(INBOX, now + LEASE)
  end
  return granted()
end
