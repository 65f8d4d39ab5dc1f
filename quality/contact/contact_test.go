package contact_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/seed-34fcb60d/rounds/quality/contact"
)

func TestPhone(t *testing.T) {
	for _, test := range []struct{ number, country, want string }{
		// Chinese mobile numbers, as people write them.
		{"13800138000", "CN", "+8613800138000"},
		{"138 0013 8000", "CN", "+8613800138000"},
		{"138-0013-8000", "CN", "+8613800138000"},
		{" 13800138000\t", "CN", "+8613800138000"},
		{"+86 138 0013 8000", "CN", "+8613800138000"},
		{"86 13800138000", "CN", "+8613800138000"},
		{"0086-13800138000", "CN", "+8613800138000"},
		{"(+86) 13800138000", "CN", "+8613800138000"},
		{"１３８００１３８０００", "CN", "+8613800138000"},
		{"＋８６　１３８００１３８０００", "CN", "+8613800138000"},
		{"13800138000", "cn", "+8613800138000"},
		// Chinese landlines and service numbers.
		{"010-65529988", "CN", "+861065529988"},
		{"(010) 6552 9988", "CN", "+861065529988"},
		{"（0755）26001234", "CN", "+8675526001234"},
		{"+86 10 6552 9988", "CN", "+861065529988"},
		{"400-810-8888", "CN", "+864008108888"},
		// Extensions are kept: two people of one company are two numbers.
		{"010-65529988 ext 12", "CN", "+861065529988;ext=12"},
		{"010-65529988 x12", "CN", "+861065529988;ext=12"},
		{"0755-26001234转8001", "CN", "+8675526001234;ext=8001"},
		{"+8675526001234;ext=8001", "CN", "+8675526001234;ext=8001"},
		// Other countries, and numbers that say theirs themselves.
		{"(212) 555-0100", "US", "+12125550100"},
		{"1-212-555-0100", "US", "+12125550100"},
		{"030 901820", "DE", "+4930901820"},
		{"+1 212 555 0100", "CN", "+12125550100"},
		{"0033 1 42 68 53 00", "CN", "+33142685300"},
		{"+86 138 0013 8000", "", "+8613800138000"},
		// What is no number that can be dialled from elsewhere.
		{"", "CN", ""},
		{"   ", "CN", ""},
		{"110", "CN", ""},
		{"95588", "CN", ""},
		{"555-0100", "US", ""}, // the area code is missing
		{"13800138000", "", ""},
		{"13800138000", "XX", ""},
		{"+999 13800138000", "CN", ""},
		{"+861", "CN", ""},
		{"12345678901234567890", "CN", ""},
		{"13800138000 / 13900139000", "CN", ""},
		{"call 13800138000 now", "CN", ""},
		{"unknown", "CN", ""},
		{"wang@example.com", "CN", ""},
		{"13800138000\x00", "CN", ""},
	} {
		got, err := contact.Phone(test.number, test.country)
		if got != test.want {
			t.Errorf("Phone(%q, %q) = %q, want %q", test.number, test.country, got, test.want)
		}
		if invalid := test.want == ""; errors.Is(err, contact.ErrInvalid) != invalid || (err == nil) == invalid {
			t.Errorf("Phone(%q, %q): error %v, want invalid: %v", test.number, test.country, err, invalid)
		}
	}
}

func TestEmail(t *testing.T) {
	const limit = 254 // bytes
	long := strings.Repeat("a", 59) + "@" + strings.Repeat(strings.Repeat("b", 60)+".", 3) + "example.com"
	for address, want := range map[string]string{
		"wang@example.com":                 "wang@example.com",
		"  Wang.Fang@Example.COM ":         "wang.fang@example.com",
		"Wang Fang <W@example.com>":        "w@example.com",
		"<w@example.com>":                  "w@example.com",
		"w+hotel@example.com":              "w+hotel@example.com",
		"王芳@例子.中国":                         "王芳@例子.中国",
		`"Wang Fang"@example.com`:          `"wang fang"@example.com`,
		`"wang@home"@example.com`:          `"wang@home"@example.com`,
		`"wang"@example.com`:               "wang@example.com",
		"w@[192.0.2.1]":                    "w@[192.0.2.1]",
		long:                               long,
		"a" + long:                         "",
		"":                                 "",
		"wang":                             "",
		"wang@":                            "",
		"@example.com":                     "",
		"wang@example.com, li@example.com": "",
		"wang@@example.com":                "",
		"wang fang@example.com":            "",
		"wang..fang@example.com":           "",
		"13800138000":                      "",
		"wang@example.com\x00":             "",
	} {
		got, err := contact.Email(address)
		if got != want {
			t.Errorf("Email(%q) = %q, want %q", address, got, want)
		}
		if invalid := want == ""; errors.Is(err, contact.ErrInvalid) != invalid || (err == nil) == invalid {
			t.Errorf("Email(%q): error %v, want invalid: %v", address, err, invalid)
		}
	}
	if len(long) != limit {
		t.Errorf("the longest address of the test has %d bytes, want %d", len(long), limit)
	}
}

func TestChat(t *testing.T) {
	for name, want := range map[string]string{
		" Wang_88 ":              "Wang_88",
		"王芳":                     "王芳",
		strings.Repeat("王", 200): strings.Repeat("王", 200),
		strings.Repeat("王", 201): "",
		"":                       "",
		" ":                      "",
		"wang\nfang":             "",
		"wang\x00":               "",
		"wang\xff":               "",
	} {
		got, err := contact.Chat(name)
		if got != want || errors.Is(err, contact.ErrInvalid) != (want == "") {
			t.Errorf("Chat(%q) = %q, %v, want %q", name, got, err, want)
		}
	}
	for name, want := range map[string]string{"Wang_88": "W•••", "王小芳": "王•••", "王芳": "•••", "w": "•••", "": "•••"} {
		if got := contact.MaskChat(name); got != want {
			t.Errorf("MaskChat(%q) = %q, want %q", name, got, want)
		}
	}
}

// What was normalised once is normal: searching for what the server shows finds it.
func TestNormalFormsAreStable(t *testing.T) {
	t.Run("phone", rapid.MakeCheck(func(t *rapid.T) {
		// 179 begins no mobile number: it chooses a carrier for the number behind it.
		number := rapid.StringMatching(`(\+86|0086|86)? ?1([3-689][0-9]|7[0-8])[0-9]{2}[- ]?[0-9]{6}( ext [0-9]{1,5})?`).Draw(t, "number")
		once, err := contact.Phone(number, "CN")
		if err != nil {
			t.Fatalf("Phone(%q): %v", number, err)
		}
		if again, err := contact.Phone(once, rapid.SampledFrom([]string{"CN", "US", ""}).Draw(t, "country")); again != once || err != nil {
			t.Fatalf("Phone(%q) = %q (%v), want it unchanged", once, again, err)
		}
	}))
	t.Run("email", rapid.MakeCheck(func(t *rapid.T) {
		address := rapid.StringMatching(`([a-zA-Z0-9+_王é]{1,12}|"[a-z @.]{1,8}")@([a-z0-9]{1,8}\.){1,3}[a-z]{2,6}`).Draw(t, "address")
		once, err := contact.Email(address)
		if err != nil {
			t.Fatalf("Email(%q): %v", address, err)
		}
		if again, err := contact.Email(once); again != once || err != nil {
			t.Fatalf("Email(%q) = %q (%v), want it unchanged", once, again, err)
		}
	}))
}

// Whatever it is given, a normaliser returns a normal form or ErrInvalid.
func FuzzNormalise(f *testing.F) {
	f.Add("13800138000", "CN")
	f.Add("Wang <w@example.com>", "US")
	f.Fuzz(func(t *testing.T, value, country string) {
		if phone, err := contact.Phone(value, country); err == nil {
			digits := strings.TrimPrefix(strings.Replace(phone, ";ext=", "", 1), "+")
			if !strings.HasPrefix(phone, "+") || strings.Trim(digits, "0123456789") != "" {
				t.Errorf("Phone(%q, %q) = %q, want plus and digits", value, country, phone)
			}
		} else if !errors.Is(err, contact.ErrInvalid) {
			t.Errorf("Phone(%q, %q): %v, want ErrInvalid", value, country, err)
		}
		if email, err := contact.Email(value); err == nil {
			if at := strings.LastIndex(email, "@"); at < 1 || at == len(email)-1 || len(email) > 254 {
				t.Errorf("Email(%q) = %q, want local@domain of at most 254 bytes", value, email)
			}
		} else if !errors.Is(err, contact.ErrInvalid) {
			t.Errorf("Email(%q): %v, want ErrInvalid", value, err)
		}
	})
}

func TestMasks(t *testing.T) {
	for number, want := range map[string]string{
		"+8613800138000":          "•••• 8000",
		"+8675526001234;ext=8001": "•••• 1234",
		"+1234567":                "••••",
		"+12345678":               "•••• 5678",
		"8000":                    "••••",
		"":                        "••••",
	} {
		if got := contact.MaskPhone(number); got != want {
			t.Errorf("MaskPhone(%q) = %q, want %q", number, got, want)
		}
	}
	for address, want := range map[string]string{
		"wang@example.com":        "w•••@example.com",
		"w@example.com":           "w•••@example.com",
		"王芳@例子.中国":                "王•••@例子.中国",
		`"wang@home"@example.com`: `"•••@example.com`,
		"wang":                    "•••",
		"@example.com":            "•••",
		"":                        "•••",
	} {
		if got := contact.MaskEmail(address); got != want {
			t.Errorf("MaskEmail(%q) = %q, want %q", address, got, want)
		}
	}
}

// A mask depends on nothing but what it promises to show.
func TestMasksRevealNothingElse(t *testing.T) {
	t.Run("phone", rapid.MakeCheck(func(t *rapid.T) {
		number := rapid.StringMatching(`\+[1-9][0-9]{0,14}(;ext=[0-9]{1,5})?`).Draw(t, "number")
		main, _, _ := strings.Cut(number, ";")
		masked := contact.MaskPhone(number)
		shown := strings.TrimSpace(strings.ReplaceAll(masked, "•", ""))
		if len(shown) > 4 || !strings.HasSuffix(main, shown) || 2*len(shown) > len(main)-1 {
			t.Fatalf("MaskPhone(%q) = %q shows more than four digits or than half", number, masked)
		}
	}))
	t.Run("email", rapid.MakeCheck(func(t *rapid.T) {
		first := rapid.StringMatching(`[a-z王é]`).Draw(t, "first")
		rest := rapid.SliceOfN(rapid.StringMatching(`[a-z王é@.]{0,20}`), 2, 2).Draw(t, "rest")
		domain := rapid.StringMatching(`[a-z]{1,8}\.[a-z]{2,3}`).Draw(t, "domain")
		one, other := contact.MaskEmail(first+rest[0]+"@"+domain), contact.MaskEmail(first+rest[1]+"@"+domain)
		if one != other {
			t.Fatalf("the masks %q and %q tell %q and %q apart", one, other, rest[0], rest[1])
		}
		if !utf8.ValidString(one) {
			t.Fatalf("the mask %q cuts a letter", one)
		}
	}))
}
