"""The blueprint that the pages of customers' own processes hang their routes on."""

from flask import Blueprint

blueprint = Blueprint("own_ways", "web.own_ways", url_prefix="/own-ways")
