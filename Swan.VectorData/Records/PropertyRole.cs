namespace Swan.VectorData.Records;

/// <summary>The role of a record's property in a vector store.</summary>
internal enum PropertyRole
{
    /// <summary>The key of a record.</summary>
    Key,

    /// <summary>A column.</summary>
    Data,

    /// <summary>The embedding, or the value to embed.</summary>
    Vector,
}
