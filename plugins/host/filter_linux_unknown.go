//go:build linux && !amd64 && !arm64

package host

const (
	auditArch      = 0 // the filter is not known
	foreignNumbers = 0
)

var neverNeededHere []uint32
