-- One issue by its id, by a convener, whose view ends with the sector.
dofile("bench/common.lua")

function init()
    math.randomseed(number + 1)
    lines = own_lines()
    headers = bearer()
end

function request()
    return wrk.format("GET", "/v1/issues/" .. lines[math.random(#lines)], headers)
end
