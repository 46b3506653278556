-- Dispatch, by the liaison centre: each request another accepted issue, its version in If-Match.
-- Should the lines run out, they come again, are refused with 409, and the run does not count.
dofile("bench/common.lua")

function init()
    lines, at = own_lines(), 0
    headers = bearer()
    headers["Content-Type"] = "application/json"
    body = string.format('{"shape": "sole", "assignments": [{"department_id": "%s"}]}',
        os.getenv("BENCH_DEPARTMENT"))
end

function request()
    local id, version = lines[at % #lines + 1]:match("^([^|]*)|(%d+)$")
    at = at + 1
    headers["If-Match"] = '"' .. version .. '"'
    headers["Idempotency-Key"] = "bench-" .. id
    return wrk.format("POST", "/v1/issues/" .. id .. "/dispatch", headers, body)
end
