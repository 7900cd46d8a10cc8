-- What wrk sends: one line of a file after the other, again and again.
--
--     wrk … -s load.lua URL -- FILE RUN
--
-- A line: METHOD, path, cookies, the beginning of a form's body and what the client can
-- unpack, separated by tabs. To a form its own key and an unheard-of end of its text are added, so that
-- no two are the same; RUN tells the keys of one run from another's.

local threads = 0

function setup(thread)
	threads = threads + 1
	thread:set("number", threads)
end

local lines, position, sent, run = {}, 0, 0, ""

local function fields(line)
	local found = {}
	for field in (line .. "\t"):gmatch("([^\t]*)\t") do
		found[#found + 1] = field
	end
	return found
end

-- What a phone says: whoever says nothing is looked up among the crawlers.
local agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
	.. "Version/17.5 Mobile/15E148 Safari/604.1"

local function headers(line)
	local made = { ["Host"] = wrk.headers["Host"], ["Accept-Language"] = "fr", ["User-Agent"] = agent }
	if line[3] ~= "" then
		made["Cookie"] = line[3]
	end
	if line[5] and line[5] ~= "" then
		made["Accept-Encoding"] = line[5]
	end
	return made
end

local function post(line)
	local key = string.format("bench-%s-%02d-%010d", run, number, sent)
	local made = headers(line)
	made["Content-Type"] = "application/x-www-form-urlencoded"
	return wrk.format("POST", line[2], made, line[4] .. "+" .. key .. "&key=" .. key)
end

function init(arguments)
	run = arguments[2]
	for text in io.lines(arguments[1]) do
		local line = fields(text)
		if line[1] == "GET" then
			line.request = wrk.format("GET", line[2], headers(line))
		end
		lines[#lines + 1] = line
	end
	-- Threads start at different places.
	position = math.floor(#lines * (number - 1) / 2)
end

function request()
	position = position % #lines + 1
	sent = sent + 1
	return lines[position].request or post(lines[position])
end

function done(summary, latency, _)
	local errors = summary.errors
	io.write(string.format('{"requests": %d, "microseconds": %d, "bytes": %d, "p50_us": %d, ' ..
		'"p99_us": %d, "failed": %d, "broken": %d}\n', summary.requests, summary.duration,
		summary.bytes, latency:percentile(50), latency:percentile(99), errors.status,
		errors.connect + errors.read + errors.write + errors.timeout))
end
