package host

import (
	"fmt"
	"sync"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// claims keeps each checklist's id with one plugin: the first that described it.
type claims struct {
	mu     sync.Mutex
	owners map[string]string // plugin by checklist
}

func newClaims() *claims { return &claims{owners: map[string]string{}} }

// claim takes the checklists of a description, or none of them.
func (c *claims) claim(d checklist.Description) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, def := range d.Checklists {
		if owner, taken := c.owners[def.ID]; taken && owner != d.Plugin {
			return fmt.Errorf("%s is a checklist of %s", def.ID, owner)
		}
	}
	for _, def := range d.Checklists {
		c.owners[def.ID] = d.Plugin
	}
	return nil
}
