"""Wrong configurations, one mistake each: what is replaced by what, where it is told, and the remedy.

`where` is `LINE:COLUMN: path`; `remedy` stands in the report.
"""

from __future__ import annotations

from typing import NamedTuple


class Wrong(NamedTuple):
    """One mistake."""

    name: str
    old: str
    new: str
    where: str
    remedy: str


SUPPORT = "assistants.support"
AUTH = "  auth_token: 0f1e2d3c4b5a69788796a5b4c3d2e1f0\n    messaging:"

MISTAKES = [
    Wrong("unknown section", "service:", "servise:", "1:1: servise", 'did you mean "service"?'),
    Wrong("unknown key", "  public_url", "  retenton: 7d\n  public_url", "2:3: service.retenton", '"retention"'),
    Wrong(
        "unknown key without a likeness",
        "  public_url",
        "  xyzzy: 1\n  public_url",
        "2:3: service.xyzzy",
        "one of public_url",
    ),
    Wrong("merge key", "  public_url", "  <<: {retention: 7d}\n  public_url", "2:3: service.•••", "an alias for a whole value"),
    Wrong("dash for underscore", "public_url", "public-url", "2:3: service.public-url", '"public_url"'),
    Wrong("misspelt secret", "      auth_token: 0", "      auth_tokn: 0", f"15:7: {SUPPORT}.phone.auth_tokn", '"auth_token"'),
    Wrong("key of another backend", "kind: http", "kind: http\n      model: x", f"10:7: {SUPPORT}.backend.model", "one of kind, url, secret"),
    Wrong("missing public_url", "  public_url: https://voice.example.com\n", "", "2:3: service.public_url", "https URL"),
    Wrong("missing numbers", "      numbers: [+1 958 555 0123]\n", "", f"13:7: {SUPPORT}.phone.numbers", "phone number"),
    Wrong("missing kind", "      kind: http\n", "", f"9:7: {SUPPORT}.backend.kind", "one of scripted, http, watson, openai"),
    Wrong("missing secret", "      secret: whsec_c2VjcmV0\n", "", f"9:7: {SUPPORT}.backend.secret", "whsec_"),
    Wrong("missing hash_key", "  hash_key: ${TANDEM_HASH_KEY}\n", "", "2:3: service.hash_key", "memory://"),
    Wrong("missing account_sid", "      account_sid: AC0123456789abcdef0123456789abcdef\n", "", f"13:7: {SUPPORT}.phone.account_sid", "base_url: simulator"),
    Wrong("empty api_token", "${TANDEM_API_TOKEN}", '""', "4:14: service.api_token", "${NAME} or ${file:PATH}"),
    Wrong("empty hash_key", "${TANDEM_HASH_KEY}", '""', "5:13: service.hash_key", "memory://"),
    Wrong("empty section", "    backend:\n", "    backend:\n    phonee:\n", f"9:5: {SUPPORT}.phonee", '"phone"'),
    Wrong("section is a text", "  support:\n", "  sales: yes\n  support:\n", "7:10: assistants.sales", "a mapping with backend, phone, messaging"),
    Wrong("section is empty", "  support:\n", "  sales:\n  support:\n", "7:9: assistants.sales", "a mapping with backend, phone, messaging"),
    Wrong("value is a list", "https://voice.example.com", "[a, b]", "2:15: service.public_url", "https URL"),
    Wrong("value is a mapping", "https://voice.example.com", "{a: b}", "2:15: service.public_url", "https URL"),
    Wrong("list is a text", "[+1 958 555 0123]", "+1 958 555 0123", f"13:16: {SUPPORT}.phone.numbers", "[...]"),
    Wrong("list is empty", "[+1 958 555 0123]", "[]", f"13:16: {SUPPORT}.phone.numbers", "at least one phone number"),
    Wrong("null", "https://voice.example.com", "~", "2:15: service.public_url", "leave the key out"),
    Wrong("duplicate key", "  redis_url", "  public_url: https://b.example.com\n  redis_url", "3:3: service.public_url", "first at line 2"),
    Wrong("duplicate assistant", "    messaging:", "  support:\n    messaging:", "16:3: assistants.support", "first at line 7"),
    Wrong("duplicate secret", "      auth_token", "      auth_token: zQ81-vv\n      auth_token", f"16:7: {SUPPORT}.phone.auth_token", "each key once"),
    Wrong("duplicate key of a backend", "kind: http", "kind: http\n      kind: http", f"10:7: {SUPPORT}.backend.kind", "first at line 9"),
    Wrong("names that differ by a dash", "    messaging:", "  SUPPORT:\n    messaging:", "16:3: assistants.SUPPORT", "another name"),
    Wrong("no name", "  support:", "  su pport:", "7:3: assistants.su•••", "letters, digits"),
    Wrong("database by name", "localhost:6379/0", "localhost:6379/abc", "3:14: service.redis_url", "redis://localhost:6379/0"),
    Wrong("two paths", "localhost:6379/0", "localhost:6379/0/1", "3:14: service.redis_url", "redis://localhost:6379/0"),
    Wrong("hosts without a scheme for them", "localhost:6379/0", "a:6379,b:6379/0", "3:14: service.redis_url", "several hosts"),
    Wrong("database of a cluster", "redis://localhost:6379/0", "redis+cluster://a:1,b:2/3", "3:14: service.redis_url", "redis+cluster://host:6379,host:6379"),
    Wrong("second host of a cluster", "redis://localhost:6379/0", "redis+cluster://a:1,b:port", "3:14: service.redis_url", "redis+cluster://"),
    Wrong("Sentinel without a master", "redis://localhost:6379/0", "redis+sentinel://a:1,b:2", "3:14: service.redis_url", "master-name"),
    Wrong("Sentinel's database by name", "redis://localhost:6379/0", "redis+sentinel://a:1/main/x", "3:14: service.redis_url", "master-name"),
    Wrong("name of a header", "kind: http", 'kind: http\n      headers: {"bad header": x}', f"10:17: {SUPPORT}.backend.headers.bad•••", "X-Api-Key"),
    Wrong("header of two lines", "kind: http", 'kind: http\n      headers: {X-A: "a\\r\\nX-B: b"}', f"10:22: {SUPPORT}.backend.headers.X-A", "one line of ASCII"),
    Wrong("header in other letters", "kind: http", "kind: http\n      headers: {X-A: é}", f"10:22: {SUPPORT}.backend.headers.X-A", "one line of ASCII"),
    Wrong("unset variable", "${TANDEM_HASH_KEY}", "${NOT_SET}", "5:13: service.hash_key", "NOT_SET in the environment, or in the file .env beside this one"),
    Wrong("misspelt variable", "${TANDEM_HASH_KEY}", "${TANDEM_HASH_KY}", "5:13: service.hash_key", '"${TANDEM_HASH_KEY}"'),
    Wrong("unclosed variable", "${TANDEM_HASH_KEY}", '"${TANDEM_HASH_KEY"', "5:13: service.hash_key", "without a closing }"),
    Wrong("missing secret file", "${TANDEM_HASH_KEY}", "${file:no/such/file}", "5:13: service.hash_key", "readable text file"),
    Wrong("parentheses", "[+1 958 555 0123]", "[+1 (958) 555 0123]", f"13:17: {SUPPORT}.phone.numbers[0]", 'did you mean "+19585550123"?'),
    Wrong("trunk zero in a number", "[+1 958 555 0123]", "[+44 (0)20 7946-0958]", f"13:17: {SUPPORT}.phone.numbers[0]", 'did you mean "+442079460958"?'),
    Wrong("national number", "[+1 958 555 0123]", '["958 555 0123"]', f"13:17: {SUPPORT}.phone.numbers[0]", "country code"),
    Wrong("dashes in a number", "[+1 958 555 0123]", "[+1-958-555-0123]", f"13:17: {SUPPORT}.phone.numbers[0]", "only digits and blanks"),
    Wrong("short number", "[+1 958 555 0123]", "[+123]", f"13:17: {SUPPORT}.phone.numbers[0]", "7 to 15 digits"),
    Wrong("number twice", "[+1 958 555 0123]", "[+1 958 555 0123, +19585550123]", f"13:34: {SUPPORT}.phone.numbers[1]", "each number in one phone integration"),
    Wrong("duration without a unit", "  redis_url", "  retention: 7\n  redis_url", "3:14: service.retention", 'did you mean "7s"?'),
    Wrong("duration in words", "  redis_url", "  retention: 2 Days\n  redis_url", "3:14: service.retention", 'did you mean "2d"?'),
    Wrong("duration as a clock", "  redis_url", "  retention: 1:30\n  redis_url", "3:14: service.retention", 'did you mean "1m30s"?'),
    Wrong("duration out of range", "      auth_token", "      voice_budget: 20s\n      auth_token", f"15:21: {SUPPORT}.phone.voice_budget", "from 100ms to 12s"),
    Wrong("boolean", "  redis_url", "  log_content: flase\n  redis_url", "3:16: service.log_content", 'did you mean "false"?'),
    Wrong("number is a word", "      auth_token", "      max_silent_turns: three\n      auth_token", f"15:25: {SUPPORT}.phone.max_silent_turns", "a whole number from 1 to 100"),
    Wrong("number out of range", "      auth_token", "      max_silent_turns: 0\n      auth_token", f"15:25: {SUPPORT}.phone.max_silent_turns", "a whole number from 1 to 100"),
    Wrong("wrong word", "      auth_token", "      engine: realy\n      auth_token", f"15:15: {SUPPORT}.phone.engine", 'did you mean "relay"?'),
    Wrong("wrong kind", "kind: http", "kind: htpp", f"9:13: {SUPPORT}.backend.kind", 'did you mean "http"?'),
    Wrong("time zone", "  redis_url", "  timezone: Berlin\n  redis_url", "3:13: service.timezone", 'did you mean "Europe/Berlin"?'),
    Wrong("language", "      auth_token", "      language: en_US\n      auth_token", f"15:17: {SUPPORT}.phone.language", 'did you mean "en-US"?'),
    Wrong("public http", "https://voice", "http://voice", "2:15: service.public_url", "https, as in"),
    Wrong("no host", "https://voice.example.com", "https:///x", "2:15: service.public_url", "a URL such as"),
    Wrong("empty flag", "  redis_url", "  log_content:\n  redis_url", "3:15: service.log_content", "yes or no"),
    Wrong("endless duration", "  redis_url", "  retention: 99999d\n  redis_url", "3:14: service.retention", "a duration such as"),
    Wrong("kind is a list", "kind: http", "kind: [http]", f"9:13: {SUPPORT}.backend.kind", "one of scripted, http"),
    Wrong("backend is a text", "    phone:", "  sales:\n    backend: http\n    phone:", "13:14: assistants.sales.backend", "kind: scripted | http"),
    Wrong("key is a list", "  public_url", "  [a]: b\n  public_url", "2:3: cannot be read", ""),
    Wrong("no blank after a colon", "    phone:", "    messagin: {numbers:[]}\n    phone:", f"12:5: {SUPPORT}.messagin", '"messaging"'),
    Wrong("no blank in a flow mapping", "    backend:\n", "    backend: {kind:http}\n    x:\n", f"8:14: {SUPPORT}.backend.kind", "kind: one of"),
    Wrong("secret without a blank", "      auth_token", "      ? auth_token:zQ81-vv\n      auth_token", f"15:9: {SUPPORT}.phone.auth_token•••", "a blank after the colon"),
    Wrong("no scheme", "https://voice.example.com", "voice.example.com", "2:15: service.public_url", "a URL such as"),
    Wrong("query in public_url", "voice.example.com", "voice.example.com/?a=b", "2:15: service.public_url", "a URL such as"),
    Wrong("scheme of the store", "redis://local", "reddis://local", "3:14: service.redis_url", 'did you mean "redis://"?'),
    Wrong("bad port", "localhost:6379", "localhost:63790000", "3:14: service.redis_url", "redis://, rediss://"),
    Wrong("backend url", "https://bot", "htps://bot", f"10:12: {SUPPORT}.backend.url", 'did you mean "https://"?'),
    Wrong("base_url", "      auth_token", "      base_url: simulater\n      auth_token", f"15:17: {SUPPORT}.phone.base_url", 'did you mean "simulator"?'),
    Wrong("account_sid", "AC0123456789abcdef0123456789abcdef", "AC0123", f"14:20: {SUPPORT}.phone.account_sid", "AC and 32 hex"),
    Wrong("token for account_sid", "AC0123456789abcdef0123456789abcdef", "0f1e2d3c4b5a69788796a5b4c3d2e1f0", f"14:20: {SUPPORT}.phone.account_sid", "${TWILIO_ACCOUNT_SID}"),
    Wrong("secret without whsec_", "whsec_c2VjcmV0", "c2VjcmV0", f"11:15: {SUPPORT}.backend.secret", "openssl rand -base64 32"),
    Wrong("secret not base64", "whsec_c2VjcmV0", "whsec_zQ81-vv", f"11:15: {SUPPORT}.backend.secret", "not base64"),
    Wrong("key without a certificate", "secret: whsec_c2VjcmV0", "client_key: /etc/hosts\n      secret: whsec_c2VjcmV0", f"11:19: {SUPPORT}.backend.client_key", "client_cert beside it"),
    Wrong("Basic and Bearer", "    messaging:", "    hooks: {log: {url: https://a.example, username: a, password: b, bearer_token: zQ81-vv}}\n    messaging:", "16:83: " + SUPPORT + ".hooks.log.bearer_token", "or bearer_token"),
    Wrong("half of Basic", "    messaging:", "    hooks: {log: {url: https://a.example, username: a}}\n    messaging:", "16:53: " + SUPPORT + ".hooks.log.username", "username and password"),
    Wrong("transfer target", "      auth_token", "      failure_transfer_to: reception\n      auth_token", f"15:28: {SUPPORT}.phone.failure_transfer_to", "international form"),
    Wrong("SIP address", "      auth_token", "      failure_transfer_to: sip:a b\n      auth_token", f"15:28: {SUPPORT}.phone.failure_transfer_to", "sip:agent@example.com"),
    Wrong("unclosed list", "[+1 958 555 0123]", "[+1 958 555 0123", "13:16: not YAML", "a closing ]"),
    Wrong("question mark in brackets", "[+1 958 555 0123]", "[zip?, b]", "13:20: not YAML", "quotes around words with a question mark"),
    Wrong("tab", "  public_url", "\tpublic_url", "2:1: not YAML", "blanks in place of the tab"),
    Wrong("indentation", "  redis_url", "   redis_url", "3:13: not YAML", "in the same column"),
    Wrong("alias for a secret", "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "*zQ81-vv", "15:19: not YAML", "quotes around"),
    Wrong("unclosed secret", "${TANDEM_HASH_KEY}", '"zQ81-vv', "5:13: not YAML", "a closing quote"),
]  # fmt: skip
