-- lighttpd-token.lua - the header Aftercare-Token becomes the parameter AFTERCARE_TOKEN.
lighty.r.req_env["AFTERCARE_TOKEN"] = lighty.r.req_header["Aftercare-Token"]
