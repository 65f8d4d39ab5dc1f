package graph_test

import (
	"testing"

	"github.com/seed-34fcb60d/rounds/ent/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }
