// The script of every page. Each page works without it; it makes pages quicker and kinder.
import './main.scss';

import { wake } from './page/behaviour';
import { startFinders } from './page/finder';
import { startForms } from './page/forms';
import { startLeaving } from './page/leaving';
import { startLive } from './page/live';
import { startPhotos } from './page/photos';
import { startPlaces } from './page/places';
import { startRemaining } from './page/remaining';
import { startRequests } from './page/requests';
import { startTicks } from './page/ticks';
import { startToasts } from './page/toasts';
import { startWidgets } from './page/widgets';

document.documentElement.classList.add('js');
startRequests();
startToasts();
startFinders();
startLeaving();
startForms();
startLive();
startPhotos();
startPlaces();
startRemaining();
startTicks();
startWidgets();
wake();
