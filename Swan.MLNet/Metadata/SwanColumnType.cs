namespace Swan.MLNet.Metadata;

/// <summary>The type of a column's values.</summary>
public enum SwanColumnType
{
    /// <summary>Text, compared by UTF-16 code units (ordinal), whatever the culture; <see cref="string"/>.</summary>
    Text,

    /// <summary>A finite number; <see cref="double"/>.</summary>
    Number,

    /// <summary>An instant with the precision of 100 ns; <see cref="DateTimeOffset"/>, kept in UTC.</summary>
    Date,

    /// <summary>True or false; <see cref="bool"/>.</summary>
    Boolean,

    /// <summary>A place in the plane; <see cref="SwanPoint"/>.</summary>
    Point,

    /// <summary>A rectangle in the plane; <see cref="SwanBox"/>.</summary>
    Box,
}
