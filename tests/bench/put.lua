-- put.lua - wrk: each request a new encounter of the demo site, performed half an hour ago, unsigned.
local thread = 0
local auth = "Basic bW9kdWxlOmRlbW8=" -- module:demo
function setup(t) t:set("id", thread); thread = thread + 1 end
function init()
  n = 0
  run = os.getenv("AC_BENCH_RUN") or "r"
  performed = os.date("!%Y-%m-%dT%H:%M:%SZ", os.time() - 1800)
  start = os.date("!%Y-%m-%dT%H:%M:%SZ", os.time() - 3600)
end
function request()
  n = n + 1
  local e = run .. "-" .. id .. "-" .. n
  local body = '{"schema":"aftercare/encounter/1","source":{"system":"bench","site":"demo"},"encounter":{"id":"' .. e ..
    '","revision":1,"status":"finished","start":"' .. start .. '","end":"' .. performed .. '","zone":"Europe/Berlin","category":"Mesotherapy"},' ..
    '"patient":{"id":"p' .. e .. '","given":["Ada"],"family":"Example","birth_date":"1988-04-02","sex":"female","language":"en","phone":"+49 30 5550100"},' ..
    '"provider":{"id":"3","npi":"1234567893","given":["Grace"],"family":"Example"},"clinic":{"id":"1","name":"Demo Clinic","country":"DE"},' ..
    '"procedures":[{"id":"b1","system":"LOCAL","code":"MESO","text":"Mesotherapy","status":"performed","performed":"' .. performed .. '"}],' ..
    '"conditions":{"reviewed":{"allergy":true,"medication":true},"items":[]},"facts":{"area":["face"],"technique":"needle","session":2,"sessions":6}' .. '}'
  if (os.getenv("AC_BENCH_SIGNED") or "") ~= "" then
    body = body:gsub('"category":"Mesotherapy"', '"category":"Mesotherapy","signed":"' .. performed .. '","signed_by":{"id":"3","npi":"1234567893","given":["Grace"],"family":"Example"}')
  end
  return wrk.format("PUT", "/aftercare/v1/encounters/demo/" .. e, { ["Content-Type"] = "application/json", ["Authorization"] = auth }, body)
end
function done(summary, latency)
  local e = summary.errors
  local good, bad = summary.requests - e.status, e.status + e.timeout + e.connect + e.read + e.write
  io.write(string.format("RESULT %.0f %.2f %d\n", good / (summary.duration / 1e6), latency:percentile(99) / 1000, bad))
end
