package main

import (
	"github.com/seed-34fcb60d/rounds/plugins/aftersales"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/frontdesk"
	"github.com/seed-34fcb60d/rounds/plugins/retailfloor"
	"github.com/seed-34fcb60d/rounds/plugins/salesoffice"
)

// builtin are the plugins that come with the server. They run as processes all the
// same: the server executes itself again.
var builtin = map[string]func() checklist.Checklist{
	"frontdesk":   func() checklist.Checklist { return frontdesk.New() },
	"retailfloor": func() checklist.Checklist { return retailfloor.New() },
	"aftersales":  func() checklist.Checklist { return aftersales.New() },
	"salesoffice": func() checklist.Checklist { return salesoffice.New() },
}
