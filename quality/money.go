package quality

import (
	"math"

	"golang.org/x/text/currency"
)

// Money is an amount in minor units of a currency, such as 1999 of CNY for 19.99 yuan.
type Money struct {
	Amount   int
	Currency string // ISO 4217
}

// maxMinorUnits bounds an amount to what an Int of GraphQL holds.
const maxMinorUnits = math.MaxInt32

// money checks an amount from least on.
func (c *check) money(m Money, least int, path string) {
	if m.Amount < least || m.Amount > maxMinorUnits {
		c.add(Invalid, "This amount is out of bounds.", "金额超出范围。", path, "amount")
	}
	if unit, err := currency.ParseISO(m.Currency); err != nil || unit.String() != m.Currency {
		c.add(Invalid, "There is no such currency: write three letters by ISO 4217, such as CNY.", "没有此货币：请使用 ISO 4217 的三个字母，例如 CNY。", path, "currency")
	}
}
