package rules_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/ent/db/staff"
	"github.com/seed-34fcb60d/rounds/quality/rules"
)

var limits = rules.CompensationLimits{Currency: "CNY", Staff: 10, TeamLead: 20, DepartmentManager: 30, SiteManager: 40, Officers: 25}

func TestCompensationLimits(t *testing.T) {
	for role, limit := range map[staff.Role]int{
		staff.RoleSTAFF: 10, staff.RoleTEAM_LEAD: 20, staff.RoleDEPARTMENT_MANAGER: 30, staff.RoleSITE_MANAGER: 40,
		staff.RoleQUALITY_OFFICER: 25, staff.RoleHUMAN_RESOURCES: 0, "INTEGRATOR": 0,
	} {
		if limit > 0 && !limits.Grants(role, limit, "CNY") || limits.Grants(role, limit+1, "CNY") || limits.Grants(role, 1, "EUR") {
			t.Errorf("%s does not grant up to %d CNY alone", role, limit)
		}
	}
	for _, role := range []staff.Role{staff.RoleEXECUTIVE, staff.RoleADMINISTRATOR} {
		if !limits.Grants(role, 1<<30, "EUR") {
			t.Errorf("%s has a limit", role)
		}
	}
}

// Nobody is above the own level, and of two levels one at most is above the other.
func TestLevelsAreInOrder(t *testing.T) {
	role := rapid.SampledFrom([]staff.Role{staff.RoleSTAFF, staff.RoleTEAM_LEAD, staff.RoleDEPARTMENT_MANAGER, staff.RoleSITE_MANAGER,
		staff.RoleQUALITY_OFFICER, staff.RoleHUMAN_RESOURCES, staff.RoleEXECUTIVE, staff.RoleADMINISTRATOR, "INTEGRATOR"})
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := role.Draw(t, "a"), role.Draw(t, "b"), role.Draw(t, "c")
		if rules.Above(a, a) || rules.Above(a, b) && rules.Above(b, a) {
			t.Fatalf("%s and %s are above each other", a, b)
		}
		if rules.Above(a, b) && rules.Above(b, c) && !rules.Above(a, c) {
			t.Fatalf("%s is not above %s", a, c)
		}
	})
	if !rules.Above(staff.RoleTEAM_LEAD, staff.RoleSTAFF) || !rules.Above(staff.RoleEXECUTIVE, staff.RoleSITE_MANAGER) || !rules.Above(staff.RoleSTAFF, "INTEGRATOR") {
		t.Error("the chain of management is not the order")
	}
}
