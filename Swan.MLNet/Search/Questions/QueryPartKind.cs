namespace Swan.MLNet.Search;

/// <summary>The kind of a part of a <see cref="SwanQuery"/>.</summary>
internal enum QueryPartKind
{
    /// <summary>A text, which the model embeds.</summary>
    Text,

    /// <summary>An image file, which the model embeds.</summary>
    Image,

    /// <summary>A row of the gallery.</summary>
    Key,

    /// <summary>Values.</summary>
    Embedding,
}
