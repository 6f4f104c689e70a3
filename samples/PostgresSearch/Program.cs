using System.Globalization;
using PostgresSearch;

// Images in PostgreSQL, found with words. Swan knows nothing of the database, and the database nothing of Swan: a pipeline
// (StoredImages.cs) and a generator (Queries.cs) give arrays of numbers, the rest is SQL (ImageTable.cs, RowWriter.cs, ImageSearch.cs).
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return await CommandLine.RunAsync(args, Console.Out, Console.Error);
