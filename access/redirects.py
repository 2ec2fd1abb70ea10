"""Where a network sends people it holds back: the address of our page, in the attributes that gateways know.

    wispr   WISPr-Redirection-URL (vendor 14122), of access controllers and hotspot gateways
    cisco   Cisco-AVPair url-redirect and url-redirect-acl (vendor 9), of switches and controllers
Rules only. An attribute of a vendor holds 247 bytes; where the ticket does not fit, the page speaks in general.
"""

WISPR, CISCO = "wispr", "cisco"
KINDS = (WISPR, CISCO)
LONGEST = 247
"""RFC 2865 section 5.26: 253 bytes less the vendor's number, and the type and length of what it says."""

_BEFORE = {WISPR: "", CISCO: "url-redirect="}


def page_for(public_url: str, slug: str, ticket: str | None = None) -> str:
    """The address of the page; portal.views answers there."""
    general = f"{public_url}/public/{slug}/held"
    return f"{general}/{ticket}" if ticket else general


def fits(kind: str, address: str) -> bool:
    return len(f"{_BEFORE[kind]}{address}".encode()) <= LONGEST


def redirect(
    kind: str, acl: str | None, public_url: str, slug: str, ticket: str | None
) -> dict[str, list[str]]:
    """{attribute: values}; empty where not even the general address fits."""
    addresses = (page_for(public_url, slug, ticket), page_for(public_url, slug))
    address = next((each for each in addresses if fits(kind, each)), None)
    if address is None:
        return {}
    if kind == WISPR:
        return {"WISPr-Redirection-URL": [address]}
    return {"Cisco-AVPair": [f"url-redirect={address}", *([f"url-redirect-acl={acl}"] if acl else [])]}
