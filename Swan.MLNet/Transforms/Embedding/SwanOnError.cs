using System.Text.Json.Serialization;

namespace Swan.MLNet.Transforms;

/// <summary>What happens to a row that can't be embedded.</summary>
/// <remarks>
/// Such rows are: an image that is missing, empty, truncated, damaged, too large or of an unsupported kind
/// (<see cref="Imaging.ImageFault"/> says which); an empty path; a null image; and a caption of which the model knows no word
/// (<see cref="Models.SwanModel.HasWords"/>), because its embedding would mean nothing. When a pass ends, the log gets a summary: rows,
/// errors by reason, and the first few. What would meet the next row as well is no row's fault and is thrown whatever is chosen here: no
/// memory, no more open files, a failing disk or network (<see cref="IOException"/>), a missing native library, an earlier step's bug.
/// </remarks>
[JsonConverter(typeof(JsonStringEnumConverter<SwanOnError>))]
public enum SwanOnError
{
    /// <summary>
    /// Reading the row's embedding throws an error that names row, column, file and cause; rows before it have been delivered.
    /// </summary>
    Throw,

    /// <summary>The row is left out.</summary>
    /// <remarks>
    /// This changes the rows, so the encoder runs whichever columns are read, the row count is unknown, and the step is no row mapper: a
    /// prediction engine can't be made of it.
    /// </remarks>
    Skip,

    /// <summary>
    /// The row's embedding is all NaN, ML.NET's missing value, and a text column (<see cref="SwanEmbeddingOptions.ErrorColumn"/>) says why.
    /// </summary>
    Missing,
}
