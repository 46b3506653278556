-- Any of the paths in the file, by whoever the token is.
dofile("bench/common.lua")

function init()
    math.randomseed(number + 1)
    -- Reads need not be shared out.
    lines = {}
    for line in io.lines(os.getenv("BENCH_FILE")) do lines[#lines + 1] = line end
    headers = bearer()
end

function request()
    return wrk.format("GET", lines[math.random(#lines)], headers)
end
