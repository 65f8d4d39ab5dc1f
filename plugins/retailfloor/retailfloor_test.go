package retailfloor_test

import (
	"testing"

	"github.com/seed-34fcb60d/rounds/plugins/retailfloor"
	"github.com/seed-34fcb60d/rounds/plugins/sdk/sdktest"
)

func TestPlugin(t *testing.T) {
	sdktest.Check(t, retailfloor.New())
}
