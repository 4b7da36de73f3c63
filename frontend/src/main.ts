import './main.scss';
