// Package salesoffice is the plugin of a sales office, and the example that a
// department starts from: copy it, change its name and write your own items.
//
// Each checklist has its file, with its items in English and Chinese and the
// rules across them. How answers become scores is plugins/sdk.
package salesoffice

import (
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// New returns the plugin.
func New() checklist.Checklist {
	return &sdk.Department{
		ID:      "salesoffice",
		Version: "1.0.0",
		Name:    sdk.T("Sales office", "销售中心"),
		Sheets:  []sdk.Sheet{daily(), reception(), calls()},
	}
}
