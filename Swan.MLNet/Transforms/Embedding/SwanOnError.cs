using System.Text.Json.Serialization;

namespace Swan.MLNet.Transforms;

/// <summary>What happens to a row that can't be embedded.</summary>
/// <remarks>
/// Such rows are: an image that is missing, empty, truncated, damaged, too large or of an unsupported kind
/// (<see cref="Imaging.ImageFault"/> says which); an empty path; a null image; and a caption without a word that the model knows
/// (<see cref="Models.SwanModel.HasWords"/>), because its embedding would be meaningless. At the end of a pass, the log gets a summary:
/// rows, errors by reason, and the first few. Faults that would also affect the next row are not the row's, and are always thrown: no
/// memory, no more open files, a failing disk or network (<see cref="IOException"/>), a missing native library, an earlier step's bug.
/// </remarks>
[JsonConverter(typeof(JsonStringEnumConverter<SwanOnError>))]
public enum SwanOnError
{
    /// <summary>
    /// Reading the row's embedding throws an error that names row, column, file and cause; earlier rows have been delivered.
    /// </summary>
    Throw,

    /// <summary>The row is left out.</summary>
    /// <remarks>
    /// This changes the rows: the encoder runs whichever columns are read, the row count is unknown, and the step is not a row mapper, so
    /// it can't make a prediction engine.
    /// </remarks>
    Skip,

    /// <summary>
    /// The row's embedding is all NaN, ML.NET's missing value, and a text column (<see cref="SwanEmbeddingOptions.ErrorColumn"/>) says why.
    /// </summary>
    Missing,
}
