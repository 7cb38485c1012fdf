"""Serialises DynamoDB values and conditions, and reads an address."""

from decimal import Decimal

import boto3
import boto3.session
from boto3.dynamodb.conditions import Attr, ConditionExpressionBuilder, Key
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.config import Config
from botocore.utils import ArnParser


def use():
    value = {"id": 7, "tags": {"a", "b"}, "price": Decimal("1.5"), "none": None}
    serialized = TypeSerializer().serialize(value)
    condition = Key("id").eq(7) & Attr("price").between(1, 2)
    built = ConditionExpressionBuilder().build_expression(condition)
    arn = ArnParser().parse_arn("arn:aws:s3:eu-west-1:123456789012:bucket/key")
    config = Config(region_name="eu-west-1").merge(Config(read_timeout=7))
    back = TypeDeserializer().deserialize(serialized)
    return [
        back == value,
        list(serialized["M"]),
        built.condition_expression,
        sorted(built.attribute_name_placeholders.items()),
        arn,
        [config.region_name, config.read_timeout],
        issubclass(boto3.session.Session, object),
    ]
