"""What the exported files say, read by nothing of ours: the standard library and plain assertions."""

import io
import zipfile
from xml.etree import ElementTree as ET

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
PACKAGE = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
CC = "{http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1}"
LINK = "{http://www.imsglobal.org/xsd/imslticc_v1p3}"
BLTI = "{http://www.imsglobal.org/xsd/imsbasiclti_v1p0}"
LTICM = "{http://www.imsglobal.org/xsd/imslticm_v1p0}"
LTICP = "{http://www.imsglobal.org/xsd/imslticp_v1p0}"


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def tags(parent: ET.Element) -> list[str]:
    """Names of the children, without their namespace."""
    return [each.tag.rpartition("}")[2] for each in parent]


def one(parent: ET.Element, path: str) -> ET.Element:
    found = parent.findall(path)
    assert len(found) == 1, (path, len(found))
    return found[0]
