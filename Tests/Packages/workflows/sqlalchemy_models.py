"""Declares models and compiles statements, and connects to nothing."""

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase, Mapped, configure_mappers, mapped_column, relationship
from sqlalchemy.schema import CreateTable


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30))
    orders: Mapped[list["Order"]] = relationship(back_populates="user")


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    user: Mapped[User] = relationship(back_populates="orders")


def use():
    configure_mappers()
    user = User(id=1, name="ann", orders=[Order(id=7)])
    statement = (
        select(User.name, func.count(Order.id))
        .join(User.orders)
        .where(User.name.in_(["ann", "bob"]))
        .group_by(User.name)
    )
    compiled = statement.compile(dialect=postgresql.dialect())
    return [
        str(compiled),
        sorted(compiled.params.items()),
        str(CreateTable(User.__table__)),
        user.orders[0].user.name,
        Order.user.property.direction.name,
    ]
