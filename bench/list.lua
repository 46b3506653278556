-- A page of 20 accepted issues somewhere in the list, by the same convener.
dofile("bench/common.lua")

function init()
    math.randomseed(number + 1)
    lines = own_lines()
    headers = bearer()
end

function request()
    local cursor = lines[math.random(#lines)]
    return wrk.format("GET", "/v1/issues?state=accepted&limit=20&cursor=" .. cursor, headers)
end
