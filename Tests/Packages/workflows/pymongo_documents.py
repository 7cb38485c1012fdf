"""Encodes documents and builds operations, and connects to nothing."""

import datetime

import bson
import pymongo
from bson.json_util import dumps
from bson.objectid import ObjectId
from pymongo.errors import InvalidURI, PyMongoError
from pymongo.uri_parser import parse_host


def use():
    document = {
        "_id": ObjectId("0123456789ab0123456789ab"),
        "when": datetime.datetime(2024, 1, 2),
        "lines": [{"sku": "a", "price": 1.5}],
    }
    encoded = bson.encode(document)
    operation = pymongo.UpdateOne({"_id": 1}, {"$set": {"a": 2}}, upsert=True)
    return [
        encoded.hex(),
        bson.decode(encoded) == document,
        dumps(document),
        repr(operation),
        parse_host("example.com:27018"),
        pymongo.ASCENDING,
        issubclass(InvalidURI, PyMongoError),
    ]
