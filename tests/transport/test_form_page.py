import datetime as dt

from orchestration.sandbox.market import Market
from orchestration.sandbox.server import serve
from orchestration.sources import hkex_ccass_southbound
from orchestration.transport.form_page import hidden_inputs
from orchestration.transport.http import HttpTransport
from orchestration.transport.sandbox import SandboxTransport


def test_hidden_inputs_are_found_whatever_their_order_and_quotes():
    page = b"""<form><input type="hidden" name="__VIEWSTATE" value="/wE=="/>
        <INPUT value='20190127' name=today type=hidden><input type="hidden" name="alertMsg">
        <input type="text" name="q" value="no"></form>"""
    assert hidden_inputs(page) == {"__VIEWSTATE": "/wE==", "today": "20190127", "alertMsg": ""}


def test_form_is_posted_with_the_fields_its_page_asks_for():
    [request] = hkex_ccass_southbound.SOURCE.requests([dt.date(2025, 2, 11)])
    assert request.form_page
    market = Market()
    with serve(market, "127.0.0.1", 0) as url, HttpTransport(url) as transport:
        [answer] = transport.fetch(request)
    [expected] = SandboxTransport().fetch(request)
    assert answer.body == expected.body
    assert answer.request == request
