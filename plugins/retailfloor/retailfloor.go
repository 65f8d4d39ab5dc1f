// Package retailfloor is the plugin of a shopping mall's or department store's
// floor: before, during and after the sale.
//
// Each checklist has its file, with its items in English and Chinese and the
// rules across them. How answers become scores is plugins/sdk.
package retailfloor

import (
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// New returns the plugin.
func New() checklist.Checklist {
	return &sdk.Department{
		ID:      "retailfloor",
		Version: "1.0.0",
		Name:    sdk.T("Retail floor", "商场卖场"),
		Sheets:  []sdk.Sheet{presale(), sale(), aftersale()},
	}
}
