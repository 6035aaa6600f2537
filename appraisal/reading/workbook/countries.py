"""Countries by the names that lists of development banks give them; ISO 3166-1 alpha-3, and XKX."""

_NAMES = """
Afghanistan AFG; Albania ALB; Algeria DZA; Angola AGO; Argentina ARG; Armenia ARM; Australia AUS;
Austria AUT; Azerbaijan AZE; Bangladesh BGD; Belarus BLR; Belgium BEL; Belize BLZ; Benin BEN; Bhutan BTN;
Bolivia BOL; Bosnia and Herzegovina BIH; Botswana BWA; Brazil BRA; Brunei Darussalam BRN; Bulgaria BGR;
Burkina Faso BFA; Burundi BDI; Cabo Verde CPV; Cambodia KHM; Cameroon CMR; Canada CAN;
Central African Republic CAF; Chad TCD; Chile CHL; China CHN; People's Republic of China CHN; Colombia COL;
Comoros COM; Congo, Dem. Rep. COD; Congo, Rep. COG; Cook Islands COK; Costa Rica CRI; Cote d'Ivoire CIV;
Côte d'Ivoire CIV; Croatia HRV; Cuba CUB; Cyprus CYP; Czech Republic CZE; Czechia CZE; Denmark DNK;
Djibouti DJI; Dominica DMA; Dominican Republic DOM; Ecuador ECU; Egypt EGY; Egypt, Arab Rep. EGY;
El Salvador SLV; Eritrea ERI; Estonia EST; Eswatini SWZ; Ethiopia ETH; Fiji FJI; Finland FIN; France FRA;
Gabon GAB; Gambia GMB; Gambia, The GMB; Georgia GEO; Germany DEU; Ghana GHA; Greece GRC; Grenada GRD;
Guatemala GTM; Guinea GIN; Guinea-Bissau GNB; Guyana GUY; Haiti HTI; Honduras HND; Hungary HUN; India IND;
Indonesia IDN; Iran IRN; Iran, Islamic Rep. IRN; Iraq IRQ; Ireland IRL; Israel ISR; Italy ITA; Jamaica JAM;
Japan JPN; Jordan JOR; Kazakhstan KAZ; Kenya KEN; Kiribati KIR; Korea KOR; Korea, Rep. KOR;
Republic of Korea KOR; South Korea KOR; Kosovo XKX; Kyrgyz Republic KGZ; Kyrgyzstan KGZ; Lao PDR LAO;
Laos LAO; Latvia LVA; Lebanon LBN; Lesotho LSO; Liberia LBR; Libya LBY; Lithuania LTU; Madagascar MDG;
Malawi MWI; Malaysia MYS; Maldives MDV; Mali MLI; Marshall Islands MHL; Mauritania MRT; Mauritius MUS;
Mexico MEX; Micronesia, Fed. Sts. FSM; Moldova MDA; Mongolia MNG; Montenegro MNE; Morocco MAR;
Mozambique MOZ; Myanmar MMR; Namibia NAM; Nauru NRU; Nepal NPL; Netherlands NLD; New Zealand NZL;
Nicaragua NIC; Niger NER; Nigeria NGA; North Macedonia MKD; Norway NOR; Oman OMN; Pakistan PAK; Palau PLW;
Panama PAN; Papua New Guinea PNG; Paraguay PRY; Peru PER; Philippines PHL; Poland POL; Portugal PRT;
Qatar QAT; Romania ROU; Russia RUS; Russian Federation RUS; Rwanda RWA; Samoa WSM;
Sao Tome and Principe STP; Saudi Arabia SAU; Senegal SEN; Serbia SRB; Seychelles SYC; Sierra Leone SLE;
Hong Kong HKG; Hong Kong, China HKG; Taipei, China TWN; Taiwan TWN; Chinese Taipei TWN;
Singapore SGP; Slovak Republic SVK; Slovenia SVN; Solomon Islands SLB; Somalia SOM; South Africa ZAF;
South Sudan SSD; Spain ESP; Sri Lanka LKA; St. Lucia LCA; Sudan SDN; Suriname SUR; Sweden SWE;
Switzerland CHE; Syrian Arab Republic SYR; Tajikistan TJK; Tanzania TZA; Thailand THA; Timor-Leste TLS;
Togo TGO; Tonga TON; Tunisia TUN; Turkey TUR; Türkiye TUR; Turkiye TUR; Turkmenistan TKM; Tuvalu TUV;
Uganda UGA; Ukraine UKR; United Arab Emirates ARE; United Kingdom GBR; United States USA;
United States of America USA; Uruguay URY; Uzbekistan UZB; Vanuatu VUT; Venezuela VEN; Venezuela, RB VEN;
Vietnam VNM; Viet Nam VNM; West Bank and Gaza PSE; Yemen YEM; Yemen, Rep. YEM; Zambia ZMB; Zimbabwe ZWE;
"""
CODES = {
    name.casefold(): code
    for name, _, code in (item.strip().rpartition(" ") for item in _NAMES.split(";") if item.strip())
}
"""Code by the name in small letters."""
