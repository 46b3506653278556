-- What the three operations share: lines of a file, shared out among the threads, and the result.

local threads = 0

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

-- The lines that this thread may use: the first, third, fifth … or the second, fourth … of two.
function own_lines()
    local lines, at = {}, 0
    for line in io.lines(os.getenv("BENCH_FILE")) do
        if at % 2 == number % 2 then lines[#lines + 1] = line end
        at = at + 1
    end
    return lines
end

function bearer()
    return { ["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN"), ["Accept"] = "application/json" }
end

function done(summary, latency, requests)
    local e = summary.errors
    print(string.format(
        'RESULT {"rps": %.1f, "p50_ms": %.3f, "p99_ms": %.3f, "requests": %d, "refused": %d, "broken": %d}',
        summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000,
        latency:percentile(99) / 1000, summary.requests, e.status, e.connect + e.read + e.write + e.timeout))
end
