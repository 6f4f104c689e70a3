namespace Swan.MLNet.Metadata;

/// <summary>How a value is compared.</summary>
internal enum FilterOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
