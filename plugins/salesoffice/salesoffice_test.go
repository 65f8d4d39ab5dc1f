package salesoffice_test

import (
	"testing"

	"github.com/seed-34fcb60d/rounds/plugins/salesoffice"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
)

func TestPlugin(t *testing.T) {
	sdktest.Check(t, salesoffice.New())
}
