"""A project file that holds every part of the format."""

from typing import Any

FULL: dict[str, Any] = {
    "schema": "appraisal-project/1",
    "reference": "PUN-ITS-01",
    "title": "Signals that see buses",
    "summary": "One line.\nAnother.",
    "city": "Pune",
    "country": "IND",
    "location": {"latitude": 18.52, "longitude": 73.86},
    "stage": "pre-feasibility",
    "action_areas": ["mobility"],
    "objectives": ["sustainability"],
    "partners": [{"name": "City", "role": "owner", "sector": "public"}],
    "currency": "INR",
    "unit": 1000000,
    "prices": {"basis": "real", "base_year": 2026, "inflation": 0.04},
    "timing": "end",
    "rates": {
        "financial": 0.04,
        "social": [[0, 0.035], [31, 0.03]],
        "finance": 0.08,
        "reinvestment": 0.05,
        "hurdles": [0.035, 0.045, 0.09],
    },
    "cash_flows": {
        "first_year": 2026,
        "lines": [
            {"name": "Sensors", "kind": "capex", "class": "it", "amounts": [120, 80], "conversion_factor": 0.9},
            {"name": "Operation", "kind": "opex", "amounts": [0, 0, 12, 12, 12]},
            {"name": "Parking", "kind": "revenue", "amounts": [0, 0, 20, 21, 22], "economic": "transfer"},
            {"name": "Time", "kind": "benefit", "amounts": [0, 0, 60, 62.5, 64], "shares": {"q1": 0.3, "q2": 0.2}},
            {"name": "CO2", "kind": "externality", "tonnes": [0, 0, -900, -950, -1000]},
            {"name": "Residual value", "kind": "residual", "amounts": [0, 0, 0, 0, 30]},
        ],
    },
    "output": {"unit": "trips", "amounts": [0, 0, 1e6, 1e6, 1e6]},
    "financing": {
        "equity": [30, 20],
        "grants": [30, 20],
        "gearing_cap": 0.8,
        "debt": [
            {
                "name": "Loan",
                "amounts": [60, 40],
                "rate": 0.05,
                "grace": 2,
                "tenor": 15,
                "repayment": "annuity",
                "target_dscr": 1.3,
                "upfront_fee": 0.005,
                "interest_during_construction": "capitalised",
            }
        ],
    },
    "uncertainty": {
        "drivers": [
            {"driver": "capex", "applies_to": ["Sensors"], "family": "pert", "low": 0.9, "mode": 1.0, "high": 1.6},
            {"driver": "delay", "family": "lognormal", "p50": 0.5, "p90": 2.0, "unit": "years"},
            {"driver": "demand", "reference_class": "rail-demand"},
        ],
        "correlations": [["capex", "delay", 0.4]],
        "events": [
            {
                "name": "Cyber incident",
                "category": "cyber-incident",
                "probability": 0.03,
                "per": "year",
                "cost": {"family": "triangular", "low": 1, "mode": 3, "high": 20},
                "revenue_factor": 0.9,
                "years": 1,
            }
        ],
        "obsolescence": {"hazard": 0.02, "salvage": 5},
        "options": [
            {
                "kind": "abandon",
                "name": "Sell the sensors",
                "view": "financial",
                "from_year": 2027,
                "recovery": [0, 20.5, 10],
                "exit_cost": 1.5,
            },
            {
                "kind": "delay",
                "name": "Await the pilot",
                "view": "economic",
                "latest_year": 2029,
                "waiting_cost": 0.5,
                "learns": ["demand"],
                "known": 0.6,
            },
            {
                "kind": "stage",
                "name": "Second corridor",
                "view": "economic",
                "phase_2": ["Residual value"],
                "decision_year": 2028,
                "driver": "demand",
                "threshold": 0.9,
            },
        ],
    },
    "safeguards": {"personal_data": True, "impact_triggers": ["profiling"], "essential_service": False},
    "answers": {
        "DS1": {"level": 3, "evidence": "E2", "reason": "Because.", "source": "Annex 2, p. 4"},
        "IN2": {"value": 0.72, "evidence": "E1"},
        "NE3": {"unknown": True},
    },
}
