package rules

import "github.com/seed-34fcb60d/rounds/ent/db/staff"

// CompensationLimits say up to which amount a level of management grants a customer
// compensation by itself, in minor units of the currency. Executives and
// administrators have no limit.
type CompensationLimits struct {
	Currency                                                  string // ISO 4217; of another nobody has a limit but who has none
	Staff, TeamLead, DepartmentManager, SiteManager, Officers int    // Officers: of the service-quality office
}

// DefaultCompensationLimits apply where none are configured.
var DefaultCompensationLimits = CompensationLimits{Currency: "CNY", TeamLead: 200_00, DepartmentManager: 1000_00, SiteManager: 10_000_00, Officers: 1000_00}

// Grants reports whether a role may grant an amount by itself.
func (l CompensationLimits) Grants(role staff.Role, amount int, currency string) bool {
	limit := 0
	switch role {
	case staff.RoleEXECUTIVE, staff.RoleADMINISTRATOR:
		return true
	case staff.RoleSTAFF:
		limit = l.Staff
	case staff.RoleTEAM_LEAD:
		limit = l.TeamLead
	case staff.RoleDEPARTMENT_MANAGER:
		limit = l.DepartmentManager
	case staff.RoleSITE_MANAGER:
		limit = l.SiteManager
	case staff.RoleQUALITY_OFFICER:
		limit = l.Officers
	}
	return currency == l.Currency && amount <= limit
}

// levels are the levels of the chain of management. What a level cannot decide goes
// up (R-ORG-1).
var levels = map[staff.Role]int{
	staff.RoleSTAFF: 1, staff.RoleHUMAN_RESOURCES: 1, staff.RoleTEAM_LEAD: 2, staff.RoleDEPARTMENT_MANAGER: 3,
	staff.RoleQUALITY_OFFICER: 3, staff.RoleSITE_MANAGER: 4, staff.RoleEXECUTIVE: 5, staff.RoleADMINISTRATOR: 5,
}

// Above reports whether a role is at a higher level than another. Programs are below
// everybody.
func Above(role, other staff.Role) bool { return levels[role] > levels[other] }

// ComplaintPenalty is the range of amounts that a substantiated complaint caused by a
// person's service may cost, in minor units of the currency (R-APP-4).
type ComplaintPenalty struct {
	Currency             string // ISO 4217
	PersonFrom, PersonTo int    // for the person
	FirstFrom, FirstTo   int    // for the person first responsible at the site
}

// DefaultComplaintPenalty applies where none is configured.
var DefaultComplaintPenalty = ComplaintPenalty{Currency: "CNY", PersonFrom: 200_00, PersonTo: 1000_00, FirstFrom: 100_00, FirstTo: 500_00}
