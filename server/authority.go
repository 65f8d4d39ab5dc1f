package main

import "github.com/seed-34fcb60d/rounds/quality/rules"

// authority is what levels of management decide alone, and what conduct rules cost.
// Amounts are in minor units of their currency.
type authority struct {
	CompensationCurrency string `default:"CNY" help:"Currency of the limits of compensation, by ISO 4217."`
	CompensationStaff    int    `default:"0" help:"What a member of the staff grants a customer alone, in minor units of the currency."`
	CompensationTeamLead int    `default:"20000" help:"What a team lead grants alone."`
	CompensationManager  int    `default:"100000" help:"What a department's manager grants alone."`
	CompensationSite     int    `default:"1000000" help:"What a site's manager grants alone. Above it executives decide."`
	CompensationOfficers int    `default:"100000" help:"What the service-quality office grants alone."`

	PenaltyCurrency   string `default:"CNY" help:"Currency of the range for a substantiated complaint, by ISO 4217."`
	PenaltyPersonFrom int    `default:"20000" help:"The least for the person whose service caused a substantiated complaint, in minor units of the currency."`
	PenaltyPersonTo   int    `default:"100000" help:"The most for that person."`
	PenaltyFirstFrom  int    `default:"10000" help:"The least for who is first responsible at the site."`
	PenaltyFirstTo    int    `default:"50000" help:"The most for who is first responsible at the site."`
}

func (a authority) compensation() rules.CompensationLimits {
	return rules.CompensationLimits{Currency: a.CompensationCurrency, Staff: a.CompensationStaff, TeamLead: a.CompensationTeamLead,
		DepartmentManager: a.CompensationManager, SiteManager: a.CompensationSite, Officers: a.CompensationOfficers}
}

func (a authority) penalty() rules.ComplaintPenalty {
	return rules.ComplaintPenalty{Currency: a.PenaltyCurrency, PersonFrom: a.PenaltyPersonFrom, PersonTo: a.PenaltyPersonTo,
		FirstFrom: a.PenaltyFirstFrom, FirstTo: a.PenaltyFirstTo}
}
