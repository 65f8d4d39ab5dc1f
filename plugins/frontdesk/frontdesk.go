// Package frontdesk is the plugin of a hotel's front office: conduct,
// reservations and reception.
//
// Each checklist has its file, with its items in English and Chinese and the
// rules across them. How answers become scores is plugins/sdk.
package frontdesk

import (
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// New returns the plugin.
func New() checklist.Checklist {
	return &sdk.Department{
		ID:      "frontdesk",
		Version: "1.0.0",
		Name:    sdk.T("Front desk", "前厅部"),
		Sheets:  []sdk.Sheet{conduct(), reservations(), reception()},
	}
}
