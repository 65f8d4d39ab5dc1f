// Package aftersales is the plugin of after-sales and customer service: contact,
// complaints, and returns, repairs and visits.
//
// Each checklist has its file, with its items in English and Chinese and the
// rules across them. How answers become scores is plugins/sdk.
package aftersales

import (
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// New returns the plugin.
func New() checklist.Checklist {
	return &sdk.Department{
		ID:      "aftersales",
		Version: "1.0.0",
		Name:    sdk.T("After-sales and customer service", "售后与客户服务"),
		Sheets:  []sdk.Sheet{contact(), complaints(), service()},
	}
}
