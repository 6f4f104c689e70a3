namespace Swan.VectorData.Records;

/// <summary>What a property of a record is for a vector store.</summary>
internal enum PropertyRole
{
    /// <summary>What a record is found by.</summary>
    Key,

    /// <summary>A column.</summary>
    Data,

    /// <summary>The embedding, or what it is made of.</summary>
    Vector,
}
