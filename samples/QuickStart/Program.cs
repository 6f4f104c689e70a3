using System.Globalization;
using QuickStart;

// Searching images takes seconds, with the model that comes inside Swan.MLNet: SearchTour.cs. With --train, a model of your own learns first: TrainTour.cs.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return CommandLine.Run(args, request =>
{
    if (request.Train) TrainTour.Run(request);
    else SearchTour.Run(request);
});
