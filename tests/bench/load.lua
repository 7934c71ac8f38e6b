-- What wrk sends: requests as bytes from files, so that every server is asked in the same words.
--
--   wrk ... -s load.lua URL -- FILE        the same bytes every time; several requests in a file
--                                          are pipelined
--   wrk ... -s load.lua URL -- FILE each   the requests in the file, parted by NUL, in turn
--
-- Ends with one line of JSON.

function init(args)
  local file = assert(io.open(args[1], "rb"))
  local bytes = file:read("*a")
  file:close()
  -- wrk asks wrk.format for the request once, and sends it without calling Lua again.
  wrk.format = function() return bytes end
  if args[2] ~= "each" then return end

  local requests = {}
  for one in bytes:gmatch("[^%z]+") do requests[#requests + 1] = one end
  wrk.format = function() return requests[1] end
  local at = 0
  request = function()
    at = at % #requests + 1
    return requests[at]
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "microseconds": %d, "broken": %d}\n', summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.timeout))
end
